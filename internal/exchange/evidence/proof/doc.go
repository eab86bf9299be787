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
package proof
