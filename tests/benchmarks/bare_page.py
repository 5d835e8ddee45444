"""The yardstick: what Streamlit itself needs for twelve sliders, one number, one formula and one line chart."""

import plotly.graph_objects as go
import streamlit as st

st.set_page_config(layout="wide")
with st.sidebar:
    values = [st.slider(f"value {i}", -2.0, 2.0, 0.1 * i, 0.01, key=f"value_{i}") for i in range(12)]
total = sum(values)
with st.container(key="result"):
    st.markdown(f"sum {total:.4f}")
st.latex(rf"y = {total:.4f}")
st.plotly_chart(go.Figure(go.Scatter(y=[total * k for k in range(50)])), key="chart")
