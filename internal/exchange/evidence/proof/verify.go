package proof

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
)

// Demand is what else a proof must hold. The zero value demands nothing.
type Demand struct {
	Witnesses int   // at least so many, by name
	Request   *Body // that is to be the call's
	Response  *Body // that is to be the answer's
}

// Verify checks a bundle with nothing but the keys. It goes all the way even where a
// step fails, so that whoever reads the verdict sees everything that does not fit.
//
// A verdict that is not Invalid proves: the hub whose key signed has committed to
// these very bytes of the record at this place of this journal, in a log that it can no longer
// change unseen by the witnesses that cosigned. It does not prove that the record
// is true, nor that the bundle holds the last record of the exchange: an opened record is
// followed by a sealed one.
func Verify(b Bundle, keys Keys, demand Demand) Verdict {
	c := check{bundle: b, keys: keys, demand: demand}
	c.checkpoint, c.unread = parseCheckpoint(b.Checkpoint)
	if c.unread == nil {
		c.verdict.Origin, c.verdict.Size = c.checkpoint.origin, c.checkpoint.size
	}
	c.record()
	c.blockAndLog()
	c.origin()
	c.signature()
	c.witnesses()
	c.bodies()
	c.field()
	c.personal()
	c.verdict.sum()
	return c.verdict
}

// check is one bundle under examination.
type check struct {
	bundle     Bundle
	keys       Keys
	demand     Demand
	checkpoint checkpoint
	unread     error // why the checkpoint is none
	verdict    Verdict
}

func (c *check) record() {
	s, err := parseRecord(c.bundle.Record)
	c.verdict.Record = s
	switch {
	case err != nil:
		c.verdict.say(StepRecord, Failed, "Catatan di berkas ini bukan catatan pertukaran yang utuh. Minta buktinya sekali lagi dari hub.",
			"The record in this file is not the whole record of an exchange. Get the proof from the hub once more.")
	case string(s.ID) != c.bundle.Exchange:
		c.verdict.say(StepRecord, Failed, "Catatan di berkas ini milik pertukaran lain. Jangan memakainya sebagai bukti pertukaran "+shown(c.bundle.Exchange)+".",
			"The record in this file is of another exchange. Do not use it as proof of exchange "+shown(c.bundle.Exchange)+".")
	default:
		c.verdict.say(StepRecord, OK, "Catatan di berkas ini menceritakan pertukaran "+c.bundle.Exchange+".",
			"The record in this file tells of exchange "+c.bundle.Exchange+".")
	}
}

// blockAndLog leads from the record's bytes to the log's root.
func (c *check) blockAndLog() {
	root, err := c.blockRoot()
	if err != nil {
		c.verdict.say(StepBlock, Failed, "Catatan ini tidak terdapat di bloknya pada urutan yang disebut: nomor urut atau jalurnya tidak cocok. Minta buktinya sekali lagi dari hub.",
			"The record is not in its block at the place that is named: the sequence or the path does not fit. Get the proof from the hub once more.")
		c.verdict.say(StepLog, Missing, "Log tidak dapat diperiksa, sebab bloknya tidak cocok.", "The log cannot be checked, since the block does not fit.")
		return
	}
	c.verdict.say(StepBlock, OK, fmt.Sprintf("Jalur di berkas ini membawa catatan itu, dengan urutan %d di jurnal, ke blok berisi %d catatan.", c.bundle.Sequence, c.bundle.Block.Count),
		fmt.Sprintf("The path in this file leads from the record, as number %d of the journal, to a block of %d records.", c.bundle.Sequence, c.bundle.Block.Count))
	c.log(root)
}

func (c *check) log(block [sha256.Size]byte) {
	if c.unread != nil {
		c.verdict.say(StepLog, Missing, "Log tidak dapat diperiksa, sebab tanda log di berkas ini tidak terbaca.", "The log cannot be checked, since its checkpoint in this file cannot be read.")
		return
	}
	entry := Block{First: c.bundle.Block.First, Count: c.bundle.Block.Count, Root: block}.Entry()
	leaf := Leaf(entry)
	err := proof.VerifyInclusion(rfc6962.DefaultHasher, c.bundle.Log.Index, c.checkpoint.size, leaf[:], c.bundle.Log.Path, c.checkpoint.root)
	switch {
	case c.bundle.Log.Index >= c.checkpoint.size:
		c.verdict.say(StepLog, Failed, "Tanda log di berkas ini lebih tua dari catatannya, sehingga tidak membuktikannya. Minta buktinya sekali lagi dari hub.",
			"The log's checkpoint in this file is older than the record, so it does not prove it. Get the proof from the hub once more.")
	case err != nil || !isPath(c.bundle.Log.Path):
		c.verdict.say(StepLog, Failed, "Catatan persis seperti ini tidak ada di log: isi, urutan, atau jalurnya telah berubah. Jangan memakainya; minta buktinya sekali lagi dari hub.",
			"A record exactly like this is not in the log: its content, its place or its path was changed. Do not use it; get the proof from the hub once more.")
	default:
		c.verdict.say(StepLog, OK, fmt.Sprintf("Catatan persis seperti ini ada di log, pada entri %d dari %d. Satu huruf lain saja tidak akan cocok.", c.bundle.Log.Index+1, c.checkpoint.size),
			fmt.Sprintf("A record exactly like this is in the log, in entry %d of %d. A single other letter would not fit.", c.bundle.Log.Index+1, c.checkpoint.size))
	}
}

// blockRoot is the root that the record and its path lead to.
func (c *check) blockRoot() (root [sha256.Size]byte, err error) {
	b := c.bundle.Block
	if _, err := ParseBlock(Block{First: b.First, Count: b.Count}.Entry()); err != nil {
		return root, err
	}
	if c.bundle.Sequence < b.First || !isPath(b.Path) {
		return root, errEntry
	}
	leaf := Leaf(c.bundle.Record)
	got, err := proof.RootFromInclusionProof(rfc6962.DefaultHasher, c.bundle.Sequence-b.First, uint64(b.Count), leaf[:], b.Path)
	copy(root[:], got)
	return root, err
}

// origin sees that the log is the one of the journal.
func (c *check) origin() {
	switch {
	case c.unread != nil:
		c.verdict.say(StepCheckpoint, Failed, "Tanda log di berkas ini tidak terbaca. Minta buktinya sekali lagi dari hub.",
			"The log's checkpoint in this file cannot be read. Get the proof from the hub once more.")
	case !isOrigin(c.checkpoint.origin, c.bundle.Journal):
		c.verdict.say(StepCheckpoint, Failed, "Tanda log di berkas ini milik log lain, bukan log jurnal "+shown(c.bundle.Journal)+". Minta buktinya sekali lagi dari hub.",
			"The checkpoint in this file is of another log, not that of journal "+shown(c.bundle.Journal)+". Get the proof from the hub once more.")
	default:
		c.verdict.say(StepCheckpoint, OK, fmt.Sprintf("Tanda log ini milik %s, yang saat itu berisi %d entri.", c.checkpoint.origin, c.checkpoint.size),
			fmt.Sprintf("The checkpoint is of %s, which had %d entries then.", c.checkpoint.origin, c.checkpoint.size))
	}
}

// isOrigin knows the origin of a journal's log: the hub's name, and what follows.
func isOrigin(origin, journal string) bool {
	hub, ok := strings.CutSuffix(origin, "/evidence/"+journal)
	return ok && isName(hub)
}

// signature asks for a key of the log itself: one by the name of the origin.
func (c *check) signature() {
	signed, forged, namesake := false, false, false
	for _, s := range c.checkpoint.signatures {
		known, named := false, false
		for _, k := range c.keys.logs {
			if k.name != s.name || k.name != c.checkpoint.origin {
				continue
			}
			named = true
			if k.hash == s.hash {
				ok := k.signed(c.checkpoint.text, s.bytes)
				signed, forged, known = signed || ok, forged || !ok, true
			}
		}
		namesake = namesake || named && !known
	}
	switch {
	case forged:
		c.verdict.say(StepSignature, Failed, "Tanda tangan log tidak cocok dengan kuncinya: tanda log ini telah diubah atau dipalsukan. Jangan memakainya.",
			"The log's signature does not fit its key: this checkpoint was changed or forged. Do not use it.")
	case signed:
		c.verdict.say(StepSignature, OK, "Hub menandatangani tanda log ini dengan kunci yang ada di berkas kunci Anda.",
			"The hub signed this checkpoint with a key that stands in your keys file.")
	case namesake:
		c.verdict.say(StepSignature, Failed, "Penanda tangan memakai nama log ini, tetapi kuncinya lain dari berkas kunci Anda. Periksa apakah berkas kunci Anda mutakhir; bila ya, jangan memakai bukti ini.",
			"The signer uses the name of this log, but another key than your keys file. See whether your keys file is up to date; if it is, do not use this proof.")
	default:
		c.verdict.say(StepSignature, Failed, "Berkas kunci Anda tidak memuat kunci log ini. Bila bukti ini dari hub lain, ambil berkas kunci hub itu dari tempat yang Anda percaya.",
			"Your keys file holds no key of this log. If this proof is from another hub, get that hub's keys from a place that you trust.")
	}
}

// witnesses counts cosignatures, one for each name.
func (c *check) witnesses() {
	at, forged := map[string]time.Time{}, ""
	for _, s := range c.checkpoint.signatures {
		for _, k := range c.keys.witnesses {
			if k.name != s.name || k.hash != s.hash {
				continue
			}
			when, ok := k.cosigned(c.checkpoint.text, s.bytes)
			if !ok {
				forged = k.name
			} else if when.After(at[k.name]) {
				at[k.name] = when
			}
		}
	}
	c.verdict.Witnesses = byName(at)
	c.sayWitnesses(forged)
}
