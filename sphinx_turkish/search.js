// Finds what a reader searches for, in Turkish: all forms of each word of a query.
//
// SEARCH_RULES, which stands above, is what search.py and turkish.py know of letters,
// words and suffixes. Here are the few steps that apply it, and what takes the place of
// those parts of Sphinx's search that compare letters; Sphinx still loads the index and
// lists the results. A page that a reader comes to from there loads this too, to mark
// the words.

const Turkish = (() => {
  const RULES = SEARCH_RULES;
  const STORED = "search_query";
  const UNMARKED = "script, style, button, svg, .math, mjx-container";
  const MESSAGES = {
    "Search Results": "Arama sonuçları",
    "Search finished, found ${resultCount} page(s) matching the search query.":
      "${resultCount} sonuç bulundu.",
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
      "Bu sözcüklerin hepsinin geçtiği bir sayfa yok. Yazımı denetleyin ya da daha az sözcükle arayın.",
  };

  // Words: these functions do what their namesakes in search.py and turkish.py do.

  const DROPPED_MARKS = new RegExp(RULES.droppedMarks, "gu");
  const TOKEN = new RegExp(RULES.token, "gu");
  const THOUSANDS = new RegExp(`^(?:${RULES.thousands})$`, "u");
  const NUMBERED = new RegExp(`^(?:${RULES.numbered})`, "u");

  const letters = (text) =>
    text
      .normalize("NFD")
      .replace(DROPPED_MARKS, "")
      .normalize("NFC")
      .toLowerCase()
      .replaceAll("ı", "i");

  /** A text as it is typed on a keyboard without Turkish letters. */
  const plain = (text) => letters(text).normalize("NFD").replace(/\p{M}/gu, "");

  function words(text) {
    const tokens = [...letters(text).matchAll(TOKEN)];
    return tokens.flatMap(([, number, inflected, other]) => {
      if (number) return THOUSANDS.test(number) ? number.replace(/[._]/g, "") : [];
      return (inflected ?? other).replace(/^_+|_+$/g, "") || [];
    });
  }

  function parts(name) {
    const pieces = [name, ...(name.includes("_") ? name.split("_") : [])];
    return [...pieces, ...pieces.flatMap((piece) => NUMBERED.exec(piece)?.[0] ?? [])];
  }

  /** How words are inflected that are spelt by `letters`, or by `plain`. */
  class Grammar {
    constructor(spell) {
      const pattern = (source) => new RegExp(spell(source), "u");
      this.nouns = Object.entries(RULES.beginnings).map(([end, begin]) => ({
        end: pattern(end),
        suffixes: pattern(`^${begin}${RULES.noun}$`),
      }));
      this.verb = pattern(`^(?:${RULES.verb})$`);
      this.infinitive = pattern(RULES.infinitive);
      this.changes = pattern(RULES.changes);
      this.pluralOrHis = pattern(`^(.*[${RULES.vowels}])(?:l[ae]r|s[ıiuü])$`);
      this.softened = Object.entries(RULES.softened).map((pair) => pair.map(spell));
      this.losesVowel = new Set(RULES.losesVowel.map(spell));
    }

    stems(word) {
      const [end, other] = this.softened.find(([end]) => word.endsWith(end)) ?? [];
      const softens = end && this.changes.test(word);
      const found = softens ? [word, word.slice(0, -end.length) + other] : [word];
      if (!this.losesVowel.has(word)) return found;
      return [...found, ...found.map((stem) => stem.slice(0, -2) + stem.at(-1))];
    }

    isForm(word, base) {
      const follow = (suffixes, stem) =>
        word.startsWith(stem) && suffixes.test(word.slice(stem.length));
      if (word === base) return true;
      if (this.infinitive.test(base)) return follow(this.verb, base.slice(0, -3));
      const { suffixes } = this.nouns.find(({ end }) => end.test(base));
      return this.stems(base).some((stem) => follow(suffixes, stem));
    }
  }

  // Finding words among all the words of the book, or of a page

  class Vocabulary {
    constructor(terms, spell) {
      this.spell = spell;
      this.grammar = new Grammar(spell);
      this.terms = new Map(terms.map((term) => [spell(term), []]));
      for (const term of terms) this.terms.get(spell(term)).push(term);
      this.spellings = [...this.terms.keys()];
      // Vowels that are no suffix: "hata" has "hatalar" and "hatası", "hattı" neither.
      const found = this.spellings.map((word) => this.grammar.pluralOrHis.exec(word));
      this.whole = [...new Set(found.flatMap((match) => match?.[1] ?? []))];
    }

    /** The terms that are forms of a word, or of what it is a form of itself. */
    formsOf(typed) {
      const word = this.spell(typed);
      const near = this.spellings.filter((each) => each.startsWith(word.slice(0, 2)));
      // Who asks for "öğrenmek" may mean "öğrenme", but not the other way round.
      const isNoun = this.whole.some((each) => this.grammar.isForm(word, each));
      const isBase = (each) =>
        this.isForm(word, each) && !(isNoun && this.grammar.infinitive.test(each));
      const bases = [word, ...near.filter(isBase)];
      const isFound = (each) => bases.some((base) => this.isForm(each, base));
      return near.filter(isFound).flatMap((each) => this.terms.get(each));
    }

    /** Say whether a word is a form of a base, and not of a longer one: hata, hat. */
    isForm(word, base) {
      const isLonger = (other) => other.length > base.length && other.startsWith(base);
      return (
        this.grammar.isForm(word, base) &&
        !this.whole.some((other) => isLonger(other) && this.grammar.isForm(word, other))
      );
    }
  }

  class Finder {
    constructor(terms) {
      this.terms = [...new Set(terms)];
      this.vocabularies = new Map();
    }

    /** For each word of a query the terms of which a page must have one. */
    find(query) {
      const spellings = Finder.spellings(query);
      const ignored = RULES.stopWords.map(spellings[0]);
      const isSought = (word) => word.length > 1 && !ignored.includes(word);
      return words(query)
        .filter(isSought)
        .map((word) => this.termsFor(word, spellings));
    }

    /** How to compare: with the letters as typed, or as on a foreign keyboard. */
    static spellings(query) {
      if (/[ığşİĞŞ]/.test(query)) return [letters];
      return letters(query) === plain(query) ? [plain] : [letters, plain];
    }

    termsFor(word, spellings) {
      const tried = spellings.map((spell) => this.vocabulary(spell).formsOf(word));
      const found = tried.find((terms) => terms.length) ?? [];
      if (found.length || !word.includes("_")) return new Set(found);
      // What is no name may be a part of some, as data_fashion is.
      return new Set(this.terms.filter((term) => `_${term}_`.includes(`_${word}_`)));
    }

    vocabulary(spell) {
      if (!this.vocabularies.has(spell))
        this.vocabularies.set(spell, new Vocabulary(this.terms, spell));
      return this.vocabularies.get(spell);
    }
  }

  // Results: [page's number, anchor, title, score], from an index as Sphinx makes it

  /** The pages that have all words; more so in headings, and in more of their forms. */
  function* pages({ titles, terms, titleterms }, sought) {
    const scores = sought.map((forms) => {
      const found = new Map();
      for (const [files, worth] of [
        [terms, Scorer.term],
        [titleterms, Scorer.title],
      ])
        for (const form of forms)
          for (const file of Object.hasOwn(files, form) ? [files[form]].flat() : [])
            found.set(file, (found.get(file) ?? 0) + worth);
      return found;
    });
    for (const [file, title] of titles.entries())
      if (scores.every((found) => found.has(file)))
        yield [file, "", title, mean(scores.map((found) => found.get(file)))];
  }

  const mean = (numbers) => numbers.reduce((sum, each) => sum + each) / numbers.length;

  function* headings({ titles, alltitles }, sought) {
    for (const [heading, places] of Object.entries(alltitles)) {
      const score = 100 * share(heading, sought);
      for (const [file, id] of score ? places : [])
        if (id === null) yield [file, "", titles[file], score];
        else yield [file, `#${id}`, `${titles[file]} › ${escaped(heading)}`, score];
    }
  }

  /** Terms of the glossary and names of the reference: what a reader looks up. */
  function* names({ titles, objects, objnames }, sought) {
    for (const [prefix, list] of Object.entries(objects))
      for (const [file, kind, , anchor, last] of list) {
        const name = prefix ? `${prefix}.${last}` : last;
        const id = { "": name, "-": `${objnames[kind][1]}-${name}` }[anchor] ?? anchor;
        const score = 200 * share(name, sought);
        if (score) yield [file, `#${id}`, `${titles[file]} › ${name}`, score];
      }
  }

  /** How much of a title is sought; nothing if words are missing or far more follow. */
  function share(title, sought) {
    const all = words(title);
    const isSought = (word) => sought.some((forms) => forms.has(word));
    const isComplete = sought.every((forms) => all.some((word) => forms.has(word)));
    const found = all.filter(isSought).length / all.length;
    return isComplete && found >= 1 / 4 ? found : 0;
  }

  const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

  /** What Sphinx lists, the best at the end. */
  function results(index, sought) {
    if (!sought.length) return [];
    const best = new Map();
    for (const find of [pages, headings, names])
      for (const [file, anchor, title, score] of find(index, sought)) {
        const [doc, path] = [index.docnames[file], index.filenames[file]];
        if (!(best.get(doc + anchor)?.[4] >= score))
          best.set(doc + anchor, [doc, title, anchor, null, score, path]);
      }
    return [...best.values()].sort(
      (a, b) => a[4] - b[4] || b[1].localeCompare(a[1], "tr"),
    );
  }

  // Marking

  /** Where words stand in a text that are among the sought ones. */
  function matches(text, sought) {
    const all = [...text.matchAll(/[\p{L}\p{M}\p{N}_]+/gu)];
    const isSought = (word) => sought.some((forms) => forms.has(word));
    return all.filter(([word]) => words(word).flatMap(parts).some(isSought));
  }

  /** Put the sought words below a node into what Sphinx calls highlighted. */
  function mark(root, sought) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts.filter((each) => !each.parentElement.closest(UNMARKED)))
      for (const { 0: word, index } of matches(text.data, sought).reverse()) {
        const marked = text.splitText(index);
        marked.splitText(word.length);
        const span = document.createElement("span");
        span.className = "highlighted";
        marked.replaceWith(span);
        span.append(marked);
      }
  }

  /** Mark a query's words on a page that a reader comes to from the results. */
  function markOnPage(query) {
    const article = document.querySelector("article");
    const finder = new Finder(words(article.textContent).flatMap(parts));
    mark(article, finder.find(query));
  }

  /** Return a paragraph with some of the page's text around the sought words. */
  function summary(html, sought, anchor) {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const each of page.querySelectorAll(`.headerlink, ${UNMARKED}`)) each.remove();
    const target = page.getElementById(anchor.slice(1));
    // A name is followed by what is said of it.
    const place = target?.matches("dt") ? target.nextElementSibling : target;
    const block = bestBlock(place ?? page.querySelector("article"), sought);
    const shown = document.createElement("p");
    shown.className = "context";
    shown.textContent = excerpt(block.textContent.trim().replace(/\s+/g, " "), sought);
    mark(shown, sought);
    return shown;
  }

  /** The first paragraph with the most of the words; the first other part if none. */
  function bestBlock(place, sought) {
    const [paragraphs, others] = ["p", "li, td, pre"].map((each) => [
      ...place.querySelectorAll(each),
    ]);
    const blocks = [...paragraphs, ...others, place];
    const worth = ({ textContent }) =>
      sought.filter((forms) => matches(textContent, [forms]).length).length;
    const worths = blocks.map(worth);
    return blocks[worths.indexOf(Math.max(...worths))];
  }

  function excerpt(text, sought) {
    const first = matches(text, sought)[0]?.index ?? 0;
    const begin = first < 120 ? 0 : text.indexOf(" ", first - 100) + 1;
    const isAll = text.length <= begin + 240;
    const end = isAll ? text.length : text.lastIndexOf(" ", begin + 240);
    return `${begin ? "… " : ""}${text.slice(begin, end)}${isAll ? "" : " …"}`;
  }

  /** Let Sphinx's search compare words as it is done here, and say in Turkish how many. */
  function teach(search) {
    let finder = null;
    // An index that was made anew only in part still has words that no page has.
    const inUse = (files) => Object.keys(files).filter((word) => files[word].length !== 0);
    // Not by addTranslations, which evaluates a text: a strict page forbids that.
    Object.assign(Documentation.TRANSLATIONS, MESSAGES);
    search._parseQuery = (query) => {
      const { terms, titleterms } = search._index;
      finder ??= new Finder([...inUse(terms), ...inUse(titleterms)]);
      try {
        localStorage.setItem(STORED, query);
      } catch {
        // The browser keeps nothing for this site: the page will not be marked.
      }
      return [query, finder.find(query), [], [], []];
    };
    // No page can be read from a file: its title must do.
    if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
    search._performSearch = (query, sought) => results(search._index, sought);
    search.makeSearchSummary = summary;
  }

  return { Finder, Grammar, letters, markOnPage, parts, plain, results, teach, words };
})();

if (typeof Search !== "undefined") Turkish.teach(Search);
