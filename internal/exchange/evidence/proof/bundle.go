package proof

// Format is the only one that this program writes and reads.
const Format = "simpul-proof/1"

// Bundle is the proof of one exchange, as it stands in a file: one JSON object.
// Bytes are written in standard base64 (RFC 4648 section 4).
type Bundle struct {
	Format     string      `json:"format"`
	Exchange   string      `json:"exchange"`           // identifier; the record repeats it, and the record counts
	Journal    string      `json:"journal"`            // identifier of the journal that holds the record
	Sequence   uint64      `json:"sequence"`           // of the record in it
	Record     []byte      `json:"record"`             // its bytes
	Block      BlockProof  `json:"block"`              // that the record is in a block
	Log        LogProof    `json:"log"`                // that the block is in the log
	Checkpoint string      `json:"checkpoint"`         // of the log: a signed note (C2SP tlog-checkpoint, tlog-cosignature)
	Personal   string      `json:"personal,omitempty"` // what stands sealed in the record, in the clear, for those who may read it; or an [Erasure]
	Field      *FieldProof `json:"field,omitempty"`    // one field of the answer
}

// BlockProof leads from a record to the root of its block (RFC 9162 section
// 2.1.3). The record's place is its sequence minus First.
type BlockProof struct {
	First uint64   `json:"first"`
	Count uint32   `json:"count"`
	Path  [][]byte `json:"path"`
}

// LogProof leads from the block's entry to the root of the log at the checkpoint.
type LogProof struct {
	Index uint64   `json:"index"` // of the entry
	Path  [][]byte `json:"path"`
}

// FieldProof leads from one field of an answer to the record's field_root.
type FieldProof struct {
	Pointer string   `json:"pointer"` // RFC 6901, into the answer's body
	Value   string   `json:"value"`   // its JSON text, as the answer had it
	Salt    []byte   `json:"salt"`
	Index   uint64   `json:"index"` // of the leaf
	Size    uint64   `json:"size"`  // leaves
	Path    [][]byte `json:"path"`
}
