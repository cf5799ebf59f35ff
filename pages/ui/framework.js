// What Streamlit itself says on the page, in the words of whoever reads it: framework.py writes them into the page.
(() => {
  if (window.carteraSpeaks) return;
  window.carteraSpeaks = true;
  const ATTRIBUTES = ["aria-label", "title", "placeholder", "alt"];
  const OURS = "[data-testid=stMarkdownContainer], .stHtml, canvas, style, script, textarea, pre, code";
  let told = null, exact = new Map(), patterns = [];

  function said(text) {
    const key = text.trim();
    if (exact.has(key)) return text.replace(key, exact.get(key));
    for (const [pattern, words] of patterns) if (pattern.test(key)) return key.replace(pattern, words);
    return text;
  }

  function mendAttributes(element) {
    for (const name of ATTRIBUTES) {
      const before = element.getAttribute(name), after = before && said(before);
      if (after !== before) element.setAttribute(name, after);
    }
  }

  function mendText(node) {
    const after = said(node.data);
    if (after !== node.data) node.data = after;
  }

  function mend(node) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (node.parentElement && !node.parentElement.closest(OURS)) mendText(node);
    } else if (node.nodeType === Node.ELEMENT_NODE && !node.closest("canvas")) {
      mendAttributes(node);
      for (const child of node.querySelectorAll(ATTRIBUTES.map((name) => `[${name}]`).join())) mendAttributes(child);
      const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) if (!texts.currentNode.parentElement.closest(OURS)) mendText(texts.currentNode);
    }
  }

  function learn() {
    const from = document.getElementById("cartera-palabras");
    if (!from || from.dataset.words === told) return;
    exact = new Map([...exact].map(([english, ours]) => [ours, english]));  // another language: undo, then anew
    patterns = [];
    mend(document.body);
    told = from.dataset.words;
    document.documentElement.lang = from.dataset.lang;
    const words = Object.entries(JSON.parse(told)), escaped = (part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    exact = new Map(words.filter(([english]) => !english.includes("*")));
    patterns = words.filter(([english]) => english.includes("*")).map(([english, ours]) => [
      new RegExp(`^${english.split("*").map(escaped).join("(.*)")}$`), ours.replace("*", "$1"),
    ]);
    mend(document.body);
  }

  new MutationObserver((changes) => {
    learn();
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(mend);
      else if (change.type === "attributes") mendAttributes(change.target);
      else mend(change.target);
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: [...ATTRIBUTES, "data-words"],
  });
  learn();
})();
