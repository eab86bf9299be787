// Package dcat writes and reads catalogues as DCAT-AP 3 in JSON-LD 1.1.
//
// DCAT (W3C, version 3) is how catalogues of data exchange their entries;
// DCAT-AP is its European profile, which other countries follow too. The shapes
// that a written catalogue meets stand in testdata and are checked by pySHACL.
//
//   - catalogue.go names what a catalogue says, and node.go writes it as RDF.
//   - context.go holds the terms; they stand in each document, so that nobody
//     has to fetch anything to read it.
//   - read.go reads the catalogue of somebody else. It fetches nothing, and
//     refuses a context that it does not know by heart.
//
// Guarantees of reading, since a document is input from outside: bounded size,
// depth and number of values; every refusal is a *simpul.Error with the place.
//
// Third party: github.com/go-json-experiment/json/jsontext, a tokenizer that
// refuses duplicate names and invalid UTF-8.
package dcat
