// On a narrow window Streamlit's navigation lies in the sidebar, which then lies over the page. Streamlit leaves it
// there when a page has been chosen, and the page cannot be seen: here it is sent away, by Streamlit's own button.

const SIDEBAR = "[data-testid=stSidebar]";
const COLLAPSE = `${SIDEBAR} [data-testid=stSidebarCollapseButton] button`; // there only while the sidebar is open

function watch() {
  addEventListener("click", event => {
    const isPage = event.target.closest?.("[data-testid=stSidebarNavLink]");
    // A click that opens another tab is not prevented: then this page stays what it is.
    if (isPage && event.defaultPrevented && liesOverThePage()) document.querySelector(COLLAPSE)?.click();
  });
}

function liesOverThePage() {
  const [sidebar, main] = [SIDEBAR, "[data-testid=stMain]"].map(each => document.querySelector(each));
  return Boolean(sidebar && main) && sidebar.getBoundingClientRect().right > main.getBoundingClientRect().left + 1;
}

watch(); // a module is loaded once
