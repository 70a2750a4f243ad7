// Searches the documentation where it lies as files: the same rules as the server's, in app/site/docs.py.
const place = document.querySelector("#found");
const list = document.querySelector(".results");
const query = (new URLSearchParams(location.search).get("q") ?? "").trim();
const words = (query.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).slice(0, 10);

function score([, title, heading, text]) {
    const [t, h, all] = [title, heading, text].map((part) => part.toLowerCase());
    if (!words.every((word) => `${t} ${h} ${all}`.includes(word))) return 0;
    return words.reduce((sum, word) => sum + 8 * h.includes(word) + 4 * t.includes(word) + Math.min(all.split(word).length - 1, 5), 0);
}

function excerpt(text) {
    const at = Math.max(0, Math.min(...words.map((word) => text.toLowerCase().indexOf(word)).filter((n) => n >= 0), text.length) - 60);
    const start = at && at < text.length ? text.lastIndexOf(" ", at) + 1 : 0;
    return (start ? "… " : "") + text.slice(start, start + 180) + (start + 180 < text.length ? " …" : "");
}

function row([address, title, heading, text]) {
    const item = document.createElement("li");
    const link = item.appendChild(document.createElement("a"));
    link.href = address.replace("docs/", "");
    link.textContent = heading;
    if (heading !== title) {
        const page = item.appendChild(document.createElement("span"));
        page.className = "muted";
        page.textContent = ` in ${title}`;
    }
    const words = item.appendChild(document.createElement("p"));
    words.className = "muted";
    words.textContent = excerpt(text);
    return item;
}

document.querySelector("#q").value = query;
if (words.length) {
    const index = await (await fetch(place.dataset.index)).json();
    const found = index.map((each) => [score(each), each]).filter(([n]) => n).sort((a, b) => b[0] - a[0]).slice(0, 20);
    place.textContent = found.length ? `${found.length} place${found.length === 1 ? "" : "s"}` : "Nothing has all of these words. Try fewer.";
    list.replaceChildren(...found.map(([, each]) => row(each)));
} else {
    place.textContent = "Type a few words, such as “origin” or “test mode”.";
}
