package ledger

import (
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api/layout"
	"golang.org/x/mod/sumdb/note"

	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/proof"
)

// Report is what a check of a log found.
type Report struct {
	Entries   uint64 // blocks in the log
	Records   uint64 // of the journal, that they cover
	Unread    uint64 // of the entries, those whose records retention removed: only their place in the tree was checked
	Root      []byte // derived from the journal, over all entries
	Findings  []Finding
	Leftovers []string // files that interrupted writes left; harmless
}

// Check derives the whole log of the journal in the data folder from the records,
// and compares every file of it: entries, tiles, state and checkpoint, which must
// be signed with the key. No ledger may be at work meanwhile. It holds some 80
// bytes an entry in memory. An error means that it could not be done; what is
// wrong is in the report.
func Check(ctx context.Context, data string, j *evidence.Journal, verifier string) (Report, error) {
	v, err := note.NewVerifier(verifier)
	if err != nil {
		return Report{}, err
	}
	c := &check{unread: map[uint64]struct{}{}, files: files{Dir(data, j.ID().String())}, data: data, journal: j, verifier: v}
	if err := c.derive(ctx); err != nil {
		return c.Report, err
	}
	c.chooseSize()
	c.Entries = c.size
	for _, b := range c.blocks[:c.size] {
		c.Records += uint64(b.Count)
	}
	c.Root = c.rootOver(c.size)
	c.require()
	return c.Report, c.walk(ctx)
}

// check is one check under way.
type check struct {
	Report
	files
	data     string
	journal  *evidence.Journal
	verifier note.Verifier

	blocks []proof.Block       // as the journal says; more than are in the log, where it is behind
	lost   bool                // the journal is shorter than the list or the log
	unread map[uint64]struct{} // entries whose records cannot be read
	levels [][]hash            // of the tiles over them, the leaves first
	size   uint64              // entries that the log should have
}

func (c *check) found(file string, err error) {
	c.Findings = append(c.Findings, findingOf(path.Join("log", c.journal.ID().String(), file), err))
}

func (c *check) foundBeside(file string, err error) {
	dir, ferr := filepath.Rel(c.data, c.journal.Dir())
	if ferr != nil {
		dir = c.journal.Dir()
	}
	c.Findings = append(c.Findings, findingOf(path.Join(filepath.ToSlash(dir), file), err))
}

// derive makes every block anew.
func (c *check) derive(ctx context.Context) error {
	listed, size, faults, err := readList(listPath(c.journal.Dir()), c.journal.ID())
	gone := errors.Is(err, os.ErrNotExist)
	if gone && c.begun() {
		faults = append(faults, FaultListGone)
	} else if err != nil && !gone {
		faults = append(faults, err)
	}
	for _, fault := range faults {
		c.foundBeside(listName, fault)
	}
	d := &deriver{check: c, listed: listed, listSize: size, oldest: c.journal.First()}
	defer d.rest()
	if err := d.run(ctx); err != nil {
		return err
	}
	if uint64(len(c.blocks)) > size && err == nil {
		c.foundBeside(listName, misfit{FaultListShort, listOffset(size), c.blocks[size].First, 0})
	}
	c.grow()
	return nil
}

// deriver walks along the entries.
type deriver struct {
	*check
	listed   map[uint64]border
	listSize uint64
	oldest   uint64 // record that the journal still has
	build    *builder
	at       uint64 // record that build stands before
	raw      []byte // of the bundle of the entry
}

func (d *deriver) rest() {
	if d.build != nil {
		d.build.reader.Close()
	}
}

func (d *deriver) run(ctx context.Context) error {
	next := uint64(1)
	for index := uint64(0); ; index++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		stored := d.stored(index)
		at, ok := d.border(index, next, stored)
		if !ok {
			if index < d.listSize || stored != nil {
				d.foundBeside(listName, misfit{FaultBorder, listOffset(index), next, 0})
			}
			return nil
		}
		if at.next()-1 > d.journal.Durable() {
			d.lost = true
			d.foundBeside(listName, misfit{FaultLost, listOffset(index), d.journal.Durable() + 1, at.next() - 1})
			return nil
		}
		d.blocks = append(d.blocks, d.expected(index, at, stored))
		next = at.next()
	}
}

// stored is the entry as the log has it, nil where it makes no sense.
func (d *deriver) stored(index uint64) *proof.Block {
	if index%bundleWidth == 0 {
		d.raw, _ = d.widest(index / bundleWidth) // one that cannot be read is found by the walk
	}
	start := int(index%bundleWidth) * (lengthBytes + entryBytes)
	if len(d.raw) < start+lengthBytes+entryBytes {
		return nil
	}
	b, err := proof.ParseBlock(d.raw[start+lengthBytes : start+lengthBytes+entryBytes])
	if err != nil {
		return nil
	}
	return &b
}

// border says which records an entry covers: by the list, or else by the log, as
// long as it follows the entry before.
func (d *deriver) border(index, next uint64, stored *proof.Block) (border, bool) {
	if at, ok := d.listed[index]; ok && at.first == next && at.count > 0 && at.count <= proof.MaxRecords {
		return at, true
	}
	if stored != nil && stored.First == next {
		return borderOf(*stored), true
	}
	if after, ok := d.listed[index+1]; ok && after.first > next && after.first-next <= proof.MaxRecords {
		return border{next, uint32(after.first - next)}, true
	}
	return border{}, false
}

// expected is the block by the journal. Where its records are gone or damaged, it
// is what the log has.
func (d *deriver) expected(index uint64, at border, stored *proof.Block) proof.Block {
	b := proof.Block{First: at.first, Count: at.count}
	if at.first >= d.oldest {
		made, err := d.made(at)
		if err == nil {
			return made
		}
		d.foundJournal(err)
	} else {
		d.Unread++
	}
	d.unread[index] = struct{}{}
	if stored != nil && borderOf(*stored) == at {
		b.Root = stored.Root
	}
	return b
}

func (d *deriver) made(at border) (proof.Block, error) {
	if d.build == nil || d.at != at.first {
		d.rest()
		d.build = &builder{reader: d.journal.Read(at.first)}
	}
	b, err := d.build.again(at)
	if d.at = at.next(); err != nil {
		d.at = 0
	}
	return b, err
}

func (c *check) foundJournal(err error) {
	if damage, ok := errors.AsType[*evidence.DamageError](err); ok {
		c.foundBeside(damage.File, err)
		return
	}
	if damage, ok := errors.AsType[*DamageError](err); ok {
		c.foundBeside(damage.File, err)
		return
	}
	c.foundBeside("", err)
}

// grow makes the levels of the tiles.
func (c *check) grow() {
	level := make([]hash, len(c.blocks))
	for i, b := range c.blocks {
		level[i] = hash(rfc6962.DefaultHasher.HashLeaf(b.Entry()))
	}
	level = c.weigh(level)
	c.levels = [][]hash{level}
	for len(level) >= layout.TileWidth {
		up := make([]hash, 0, len(level)/layout.TileWidth)
		for ; len(level) >= layout.TileWidth; level = level[layout.TileWidth:] {
			up = append(up, rootOf(append([]hash{}, level[:layout.TileWidth]...)))
		}
		level = up
		c.levels = append(c.levels, level)
	}
}

// rootOver is the root over the first entries.
func (c *check) rootOver(size uint64) []byte {
	if size == 0 {
		return rfc6962.DefaultHasher.EmptyRoot()
	}
	root := rootOf(append([]hash{}, c.levels[0][:size]...))
	return root[:]
}
