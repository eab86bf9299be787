// Package fieldtree lets one field of an answer be proved without showing the
// others.
//
// A JSON answer is taken apart into its fields: every scalar value, and every empty
// container, in the order of the document (walk.go). Each is a leaf of a Merkle tree
// (RFC 9162 section 2.1.1, tree.go) over its pointer, the JSON text of its value as
// the consumer got it, and a salt of 128 bits. The tree's root stands in the record
// of the exchange ([Committer]); with the record, whoever holds the answer and the
// key of its salts proves a field of it ([Prove]).
//
// # Salts
//
// A field often has few possible values, and whoever proves one field shows hashes
// of others. So each leaf has its own salt: the first 128 bits of HMAC-SHA-256 of the
// leaf's index (8 bytes, big-endian) under the field key, a random secret of the
// answer. A proof holds the salt of its own field only. Whoever has the field key
// and the record could guess at every field; the key must stand where only the
// parties of the exchange can read it.
//
// # Bounds
//
// Answers of at most 32 KiB with at most 1,000 fields, 64 containers deep. An answer
// beyond them, or one that two programs could read differently (duplicate members,
// invalid UTF-8, lone surrogates, anything but one JSON text) has no root.
//
// Third-party packages: go-json-experiment/json/jsontext for strict tokens.
package fieldtree
