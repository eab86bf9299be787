// Package finder finds texts in Indonesian by what people type: abbreviations,
// tasks, misspellings, half a word.
//
// It knows nothing of LIDs. The catalogue gives it [Document] values and asks
// [Index.Search] for the best; who may see what is the catalogue's matter.
//
//   - words.go cuts text into words; there is no stemmer, since those for
//     Indonesian conflate what catalogues must keep apart (pelayanan, layan).
//   - lexicon.go reads the words that mean nothing, those that need not occur,
//     and those that mean the same; the three lists are data beside it.
//   - query.go turns what was typed into a question to the index.
//   - index.go keeps the index, in memory, and brings it up to date.
//
// Guarantees: a question is bounded in length, and costs no lock that a change
// holds. An index may be asked while it changes.
//
// Third party: github.com/blevesearch/bleve/v2, an inverted index with BM25
// ranking. See ADR 0018.
package finder
