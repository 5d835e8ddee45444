r"""The palette: each colour means one thing, in light and in dark.

The hues are Okabe and Ito's, safe for colour-blind eyes, darkened (light theme) or lightened (dark
theme) until words set in them reach a contrast of 4.5 : 1. A colour never carries a meaning alone: sign also
shows as a dash or a sign character, the chosen route also by its width and its labels.

Everything on the screen asks for a role, never for a hex code: CSS and SVG as `var(--positive)`, Plotly figures as
"@positive", formulas as \textcolor{positive}{…}.
"""

ROLES: dict[str, tuple[str, str]] = {
    # role: (on light, on dark)
    "positive": ("#0062a3", "#6cb6ee"),
    "negative": ("#a84a00", "#f09a52"),
    "gradient": ("#a8367f", "#e58fc4"),
    "route": ("#8a6100", "#f0c04a"),
    "ink": ("#262730", "#fafafa"),
    "quiet": ("#5f6470", "#a3a8b4"),
    "line": ("#d5d8df", "#3a3f4b"),
    "surface": ("#ffffff", "#0e1117"),
    "raised": ("#f4f5f8", "#1a1e27"),
}


def stylesheet() -> str:
    """CSS that puts every role on the page; `light-dark()` follows the colour scheme Streamlit sets on its root."""
    roles = "".join(f"--{role}: light-dark({light}, {dark}); " for role, (light, dark) in ROLES.items())
    return f".stApp {{ {roles}}}\n"
