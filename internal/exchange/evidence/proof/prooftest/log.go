// Package prooftest builds transparency logs in memory, with proofs that are
// true: for tests, and for measuring. It shares no code with what checks them.
// What it makes depends on its arguments alone.
package prooftest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"simpul/internal/exchange/evidence/proof"
)

// Log is the log of one journal. Its zero value is of no use; see [New].
type Log struct {
	Journal string
	Key     Key

	blocks  []block
	entries [][sha256.Size]byte // leaf hashes
	next    uint64              // sequence
}

type block struct {
	first   uint64
	records [][]byte
}

// New begins the log of a journal, signed with a key of the log's origin.
func New(hub, journal string) *Log {
	origin := hub + "/evidence/" + journal
	return &Log{Journal: journal, Key: LogKey(origin, ""), next: 1}
}

// Append adds one block of the records, 1 to proof.MaxRecords, and returns the sequence of
// its first.
func (l *Log) Append(records ...[]byte) uint64 {
	b := block{l.next, records}
	l.blocks = append(l.blocks, b)
	l.entries = append(l.entries, proof.Leaf(b.entry()))
	l.next += uint64(len(records))
	return b.first
}

// Size is the number of entries.
func (l *Log) Size() int { return len(l.entries) }

func (b block) entry() []byte {
	return proof.Block{First: b.first, Count: uint32(len(b.records)), Root: root(b.leaves())}.Entry()
}

func (b block) leaves() [][sha256.Size]byte {
	leaves := make([][sha256.Size]byte, len(b.records))
	for i, r := range b.records {
		leaves[i] = proof.Leaf(r)
	}
	return leaves
}

// Text is the unsigned checkpoint over the first entries.
func (l *Log) Text(entries int) string {
	top := root(l.entries[:entries])
	return fmt.Sprintf("%s\n%d\n%s\n", l.Key.Name, entries, base64.StdEncoding.EncodeToString(top[:]))
}

// Note signs a text.
func Note(text string, signatures ...string) string {
	return text + "\n" + strings.Join(signatures, "\n") + "\n"
}

// Bundle proves a record of the log by its newest checkpoint, cosigned by the witnesses at
// the time.
func (l *Log) Bundle(sequence uint64, at time.Time, witnesses ...Key) proof.Bundle {
	b := l.prove(sequence, l.Size())
	b.Checkpoint = l.Checkpoint(l.Size(), at, witnesses...)
	return b
}

// Checkpoint is the checkpoint over the first entries, signed by the log and the witnesses.
func (l *Log) Checkpoint(entries int, at time.Time, witnesses ...Key) string {
	text := l.Text(entries)
	signatures := []string{l.Key.Sign(text, at)}
	for _, w := range witnesses {
		signatures = append(signatures, w.Sign(text, at))
	}
	return Note(text, signatures...)
}

func (l *Log) prove(sequence uint64, entries int) proof.Bundle {
	for i, b := range l.blocks {
		place := sequence - b.first
		if sequence < b.first || place >= uint64(len(b.records)) {
			continue
		}
		record := b.records[place]
		return proof.Bundle{
			Format: proof.Format, Exchange: exchangeOf(record), Journal: l.Journal, Sequence: sequence, Record: record,
			Block: proof.BlockProof{First: b.first, Count: uint32(len(b.records)), Path: path(b.leaves(), int(place))},
			Log:   proof.LogProof{Index: uint64(i), Path: path(l.entries[:entries], i)},
		}
	}
	return proof.Bundle{}
}
