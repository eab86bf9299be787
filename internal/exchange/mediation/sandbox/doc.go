// Package sandbox answers calls with the examples of a contract, so that
// developers can try a LID before they have a grant, and without its provider.
//
// Invariants: what an operation answers is compiled once, when the LID is
// published, and is the same every time; where the contract has no example one
// follows from the schema; no number in an answer is one that a person could
// have as their NIK.
//
// Files: compile.go from the document to a Stage, document.go the document as a
// tree, schema.go and text.go examples that follow from a schema, nik.go numbers
// of nobody, prefer.go what a call prefers (RFC 7240), answer.go the answer.
//
// Third party: github.com/go-json-experiment/json/jsontext, which keeps the order
// of members and the digits of numbers.
package sandbox
