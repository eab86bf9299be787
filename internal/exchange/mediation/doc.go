// Package mediation makes an exchange fit what was agreed. It holds calls and
// answers to the contract, where the LID asks for it, and the provider's answer
// to the obligations of the decision: that only the granted fields are delivered.
//
// Invariants:
//
//   - An answer without obligations passes untouched, and so does whatever was
//     checked and not refused: byte for byte.
//   - A call is checked before the provider is called, and an answer as the
//     provider sent it, before fields are selected and before any of it is
//     delivered. What is checked is gathered, up to 1 MiB.
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
