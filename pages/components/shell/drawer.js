// On a narrow window Streamlit's navigation lies in the sidebar, which then lies over the page. Streamlit leaves it
// there when a page has been chosen, and the page cannot be seen: here it is sent away, by Streamlit's own button.

const SIDEBAR = "[data-testid=stSidebar]";
const COLLAPSE = `${SIDEBAR} [data-testid=stSidebarCollapseButton] button`; // there only while the sidebar is open

function watch() {
  addEventListener("click", event => {
    const isPage = event.target.closest?.("[data-testid=stSidebarNavLink]");
    // A click that opens another tab is not prevented: then this page stays what it is.
    if (isPage && event.defaultPrevented) sendAway();
  });
  // Whoever is quicker than this module has chosen a page before it listens: that page comes, or is there already.
  const [{ name: opened }] = performance.getEntriesByType("navigation");
  let path = new URL(opened).pathname;
  const look = () => {
    if (location.pathname !== path) sendAway();
    path = location.pathname;
  };
  const push = history.pushState;
  history.pushState = function (...entry) {
    push.apply(this, entry);
    look();
  };
  look();
}

function sendAway() {
  if (liesOverThePage()) document.querySelector(COLLAPSE)?.click();
}

function liesOverThePage() {
  const [sidebar, main] = [SIDEBAR, "[data-testid=stMain]"].map(each => document.querySelector(each));
  return Boolean(sidebar && main) && sidebar.getBoundingClientRect().right > main.getBoundingClientRect().left + 1;
}

watch(); // a module is loaded once
