// Light or dark, as the person's system is.

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => (document.documentElement.dataset["colorScheme"] = dark.matches ? "dark" : "light");
dark.addEventListener("change", follow);
follow();
