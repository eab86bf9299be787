// Package mediation makes an exchange fit the contract and what was granted. It
// holds calls to the contract where the LID asks for it (check.go, conform/),
// changes the provider's answer to what the contract says (change.go, reshape/),
// holds that to the contract, lets only the granted fields through, and answers
// calls of the sandbox from the contract (rehearse.go, sandbox/). plan.go is what
// is compiled of a LID when it is published; preview.go and api.go let providers
// try changes.
//
// Invariants:
//
//   - An answer without changes and obligations passes untouched, and so does
//     whatever was checked and not refused: byte for byte.
//   - Changes come first, then the check, then selection: contracts and grants
//     speak of the contract's names. A call is checked before the provider is
//     called, an answer before any of it is delivered. What is checked is gathered,
//     up to 1 MiB.
//   - An answer that cannot be held to its obligations is refused, never passed:
//     fields can be selected from complete, unencoded, valid JSON only.
//   - Selection streams. What it needs of memory depends on the limits in
//     limits.go and not on the length of the answer, and it reads the provider
//     no faster than the consumer reads it.
//   - Selection invents nothing: numbers and strings keep their exact bytes and
//     members their order.
//   - An answer that turns out to be invalid ends with an error, and its last
//     bracket is never delivered, so that nobody takes a part for the whole.
//
// Third party: github.com/go-json-experiment/json/jsontext, the tokenizer that
// becomes encoding/json/jsontext.
package mediation
