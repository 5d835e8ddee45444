/** Do work when the browser has nothing else to do; it is given the deadline. Safari has no requestIdleCallback. */
export const whenIdle = window.requestIdleCallback ?? (work => setTimeout(() => work({ timeRemaining: () => 8 }), 0));
