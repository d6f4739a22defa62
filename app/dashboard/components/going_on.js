// Where somebody was going when they were asked to sign in: kept in their tab, and gone on to once they are back at the first page.
const KEY = "allears-going-to";

export default function ({ data }) {
  const here = location.pathname + location.search;
  if (data.asked) {
    sessionStorage.setItem(KEY, here);
    return;
  }
  const to = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (to && here === "/" && /^\/\w/.test(to)) location.assign(to);
}
