// Package proof says what a proof of one exchange is, and checks it with nothing
// but public keys: no hub, no network, no database.
//
// # What is proved
//
// The journal's records are gathered into blocks of consecutive sequences. The
// leaf of a record is the RFC 9162 leaf hash of its bytes in the journal, which
// hold a salt of 128 bits; a block's root is the RFC 9162 Merkle tree hash over
// its leaves (section 2.1.1). Each block is one entry of the hub's transparency log
// (block.go says how it looks), and the log's checkpoint (C2SP tlog-checkpoint) is
// signed by the hub and cosigned by witnesses. So a [Bundle] leads from the record's bytes,
// up the block, up the log, to a signed note.
//
// Nothing in the log can be traced to a person: it holds roots over salted
// hashes, and a record that is gone takes its salt with it.
//
// # Checking
//
//   - [Parse] reads a bundle and refuses whatever two readers could read as two
//     (parse.go); [ParseKeys] reads the keys that somebody trusts (keys.go).
//   - [Verify] checks the one with the other and returns a [Verdict]: a list of
//     steps, each with a sentence (verify.go, witness.go, content.go, checkpoint.go).
//   - [Statement] is what the record says, as the text of others; [Erasure] what a bundle
//     says of what is gone from it.
//   - A [Body] that somebody holds is the one of the exchange, or is not, or cannot be told
//     (body.go): digests are commitments where the record has a sealed part, and their key
//     comes with the opened part alone ([simpul.DigestKey]).
//
// testdata holds bundles that are true, forged and unreadable; vectors.json says what every
// check of them must come to, beside which bodies, in whatever language it is written. The first step that fails is that of
// the order in which verdict.go names them. Package prooftest builds logs.
//
// # What it does not do
//
// A verdict does not say that a record is true, or that it is the last one of its exchange. Times
// are those of the hub and of the witnesses.
//
// Third-party packages: go-json-experiment/json for strict reading, transparency-dev/merkle
// for inclusion, golang.org/x/mod/sumdb/note for the form of signed notes.
package proof
