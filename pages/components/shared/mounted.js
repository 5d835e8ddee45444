// One view for each place on the page: made for the first data, told of all data, closed when the place is gone.

/** A module's default export, from a class whose objects are made of a component, and have receive(component), close(). */
export function mounted(View) {
  const views = new WeakMap(); // by the element Streamlit gives us
  return component => {
    const { parentElement } = component;
    if (!views.has(parentElement)) views.set(parentElement, new View(component));
    const view = views.get(parentElement);
    view.receive(component);
    return () => {
      if (views.get(parentElement) !== view) return; // closed already
      views.delete(parentElement);
      view.close();
      parentElement.replaceChildren();
    };
  };
}
