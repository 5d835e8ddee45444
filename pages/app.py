import streamlit as st
from pages.parts import components, palette

st.set_page_config(layout="wide")
st.html(f"<style>{palette.stylesheet()}</style>")
v = st.slider("a", 0.0, 1.0, 0.5, 0.01, key="a", bind="query-params")


def cb():
    print("CB", st.session_state.get("p"))


r = components.mount("probe", key="p", data={"v": v}, on_clicked_change=cb)
components.mount("probe", key="q", data=bytes(100))
st.write(r)
st.latex(palette.tinted("gradient", "x^2"))
