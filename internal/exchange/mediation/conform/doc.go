// Package conform holds messages to the contract of a LID: parameters, media
// types and JSON bodies, by the OpenAPI document (3.0 or 3.1) that was compiled
// when the LID was published.
//
// Invariants:
//
//   - Nothing is fetched, and every cost is bounded: limits.go, pattern.go.
//   - JSON is read in one way only. What two programs could read differently is a
//     fault, and numbers keep their digits.
//   - A check that finds nothing wrong allocates nothing.
//   - A [Fault] holds nothing that a message says. Names and values in it are the
//     contract's own.
//   - The forms say what JSON Schema 2020-12 says, save for what a contract may
//     not use; testdata/suite.txt has the count, and the library is the oracle.
//
// contract.go, parameter.go and media.go read the document, compile.go and
// keywords.go make forms of its schemas; read.go reads a message, check*.go hold
// it to a form, fault.go and expect.go tell what is wrong. checker.go is what a
// caller uses, cache.go compiles each document once.
//
// Third party: github.com/santhosh-tekuri/jsonschema/v6, for most formats.
package conform
