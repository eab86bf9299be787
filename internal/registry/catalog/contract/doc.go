// Package contract reads the contract of a LID: an OpenAPI document, version 3.0
// or 3.1, in JSON.
//
// It keeps what the hub enforces and shows (which calls there are, what they
// take, which fields they answer) and is lenient about the rest of the document.
//
// Guarantees, since a contract is input from outside:
//
//   - Nothing is ever fetched. A reference that leaves the document is refused,
//     wherever it stands.
//   - Time and memory are bounded by limits.go, whatever the document refers to:
//     recursion, and schemas that unfold without end, are cut and marked.
//   - Every error is a *simpul.Error with the place below spec.contract.
//
// The package reads documents itself, because libraries that build a whole model
// follow references that this hub has no use for: of those that were tried, one
// did not return from a document of 160 bytes (a callback that refers to #/paths),
// and took 600 MB for one of 2 MiB.
//
// Third party: github.com/go-json-experiment/json/jsontext, a tokenizer that
// refuses duplicate names and invalid UTF-8 and says where.
package contract
