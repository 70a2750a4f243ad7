// The text of a page as it is read: white space is one space, blocks begin a new line; and back to places in the page.
const BLOCKS = "p, li, dt, dd, td, th, pre, blockquote, figcaption, caption, h1, h2, h3, h4, h5, h6, div, section, article, main, body";
const SKIPPED = "script, style, noscript, template, textarea, select, button, svg, [contenteditable]";

const isSkipped = (element) => element.matches(SKIPPED) || element.localName.startsWith("feelback-");

export class PageText {
  constructor(root) {
    this.root = root;
    this.text = "";
    this._pieces = []; // each a run of a text node, {_node, _from, _to}, and where it is in the text, {_at, _size}
    const walker = document.createTreeWalker(root, 5, (node) => (node.nodeType === 1 && isSkipped(node) ? 2 : 1));
    let last;
    for (let node; (node = walker.nextNode()); ) {
      if (node.nodeType !== 3) continue;
      const block = node.parentElement.closest(BLOCKS);
      const isCode = block?.localName === "pre";
      for (const { 0: run, index } of node.data.matchAll(/\s+|\S+/g)) {
        const isSpace = !run.trim();
        if (isSpace && (block !== last || /\s$/.test(this.text) || !this.text)) continue;
        if (block !== last && this.text) this.text = this.text.trimEnd() + "\n";
        last = block;
        const words = isSpace ? (isCode && run.includes("\n") ? "\n" : " ") : run;
        this._pieces.push({ _node: node, _from: index, _to: index + run.length, _at: this.text.length, _size: words.length });
        this.text += words;
      }
    }
  }

  // Where a range of the page is in the text, without white space around it; undefined if it has no words.
  offsets(range) {
    const edge = (container, offset) => {
      const point = document.createRange();
      point.setStart(container, offset);
      return point;
    };
    const { startContainer, startOffset, endContainer, endOffset } = range;
    const from = edge(startContainer, startOffset), to = edge(endContainer, endOffset);
    const inside = this._pieces.filter(({ _node, _from, _to }) => from.comparePoint(_node, _to) > 0 && to.comparePoint(_node, _from) < 0);
    if (!inside.length) return;
    const first = inside[0], final = inside.at(-1);
    let start = first._at + (first._node === startContainer ? Math.min(Math.max(startOffset - first._from, 0), first._size) : 0);
    let end = final._at + (final._node === endContainer ? Math.min(endOffset - final._from, final._size) : final._size);
    while (start < end && /\s/.test(this.text[start])) start++;
    while (start < end && /\s/.test(this.text[end - 1])) end--;
    return start < end ? { start, end } : undefined;
  }

  range(start, end) {
    const first = this._pieces.find(({ _at, _size }) => _at + _size > start);
    const final = this._pieces.findLast(({ _at }) => _at < end);
    const range = document.createRange();
    range.setStart(first._node, first._from + Math.max(start - first._at, 0));
    range.setEnd(final._node, Math.min(final._from + end - final._at, final._to));
    return range;
  }

  // Whole words: a browser that opens a page at a text looks for nothing else.
  words(start, end) {
    if (!Intl.Segmenter) return { start, end };
    const from = Math.max(0, start - 99), to = end + 99;
    for (const { segment, index, isWordLike } of new Intl.Segmenter(document.documentElement.lang || undefined, { granularity: "word" }).segment(this.text.slice(from, to))) {
      const at = from + index, behind = at + segment.length;
      if (!isWordLike) continue;
      if (at < start && behind > start) start = at;
      if (at < end && behind > end) end = behind;
    }
    return { start, end };
  }

  // The nearest heading above a place.
  heading(start) {
    let words = "";
    for (const heading of this.root.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
      const place = document.createRange();
      place.selectNodeContents(heading);
      const found = this.offsets(place);
      if (found && found.start > start) break;
      if (found) words = this.text.slice(found.start, found.end);
    }
    return words.slice(0, 300);
  }
}
