// Keys and clicks over the rows of a list: j, k and arrows move, x selects, / searches, o and Enter open, a click previews.
// The rows are links that work without this. Nothing is ever written into the page but marks on rows.
const WIDE = "(min-width: 1100px)";
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable=true], [role=combobox], [role=dialog] *";
let shownRound = null;

export default function ({ data, setStateValue }) {
  const rows = () => [...document.querySelectorAll(".ae-rows a.row")];
  const here = () => document.activeElement?.closest?.(".ae-rows li")?.querySelector("a.row");
  const picks = () => [...document.querySelectorAll(".ae-rows .ae-pick")];
  const tell = () => setStateValue("selected", { round: data.round, ids: picks().filter((pick) => pick.checked).map((pick) => pick.value) });

  if (shownRound !== data.round) {
    shownRound = data.round;
    picks().forEach((pick) => (pick.checked = false));
  }

  const mark = () => {
    document.querySelectorAll(".ae-rows:not(.is-live)").forEach((list) => list.classList.add("is-live"));
    rows().forEach((row) => row.parentElement.classList.toggle("is-here", row.dataset.id === data.preview));
  };
  mark();
  const observer = new MutationObserver(mark);
  observer.observe(document.querySelector(".stMain") ?? document.body, { childList: true, subtree: true });

  const move = (step) => {
    const all = rows();
    const at = all.indexOf(here());
    const next = at < 0 ? all[step > 0 ? 0 : all.length - 1] : all[Math.min(Math.max(at + step, 0), all.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  const toggle = () => {
    const pick = here()?.parentElement.querySelector(".ae-pick");
    if (!pick) return;
    pick.checked = !pick.checked;
    tell();
  };
  const keys = {
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    x: toggle,
    o: () => (here() ?? rows().find((row) => row.dataset.id === data.preview))?.click(),
    "/": () => document.querySelector(".st-key-q input")?.focus(),
  };
  const onKey = (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.composedPath()[0].matches?.(TYPING)) return;
    event.preventDefault();
    act();
  };
  // A click by the keyboard (Enter, o) has no detail: it follows the link, as does one with Ctrl, or on a narrow page.
  const onClick = (event) => {
    const row = event.target.closest?.(".ae-rows a.row");
    const plain = event.button === 0 && event.detail > 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!row || !plain || !matchMedia(WIDE).matches) return;
    event.preventDefault();
    if (event.detail > 1) location.assign(row.href);
    else setStateValue("preview", row.dataset.id);
  };
  const onChange = (event) => event.target.matches?.(".ae-rows .ae-pick") && tell();

  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("change", onChange);
  return () => {
    observer.disconnect();
    document.removeEventListener("keydown", onKey);
    document.removeEventListener("click", onClick);
    document.removeEventListener("change", onChange);
  };
}
