package ledger

import (
	"fmt"
	"sort"

	"github.com/transparency-dev/tessera/api/layout"

	"simpul/internal/exchange/evidence/proof"
)

const (
	bundleWidth = uint64(layout.EntryBundleWidth)

	keptFirsts  = 1 << 16 // first sequences of full bundles that are remembered: of 16 million entries
	keptBundles = 32      // full bundles that are remembered: 400 KiB
)

// blockOf finds the entry that covers the record among the first entries of the
// log, by bisection: entries are in the order of the records.
func (l *Ledger) blockOf(sequence, size uint64) (index uint64, b proof.Block, err error) {
	if size == 0 {
		return 0, b, l.notYet(sequence, 0)
	}
	var failed error
	bundles := (size + bundleWidth - 1) / bundleWidth
	after := sort.Search(int(bundles), func(i int) bool {
		first, err := l.first(uint64(i), size)
		if err != nil && failed == nil {
			failed = err
		}
		return first > sequence
	})
	if failed != nil || after == 0 {
		return 0, b, missed(sequence, failed)
	}
	bundle := uint64(after - 1)
	blocks, err := l.read(bundle, size)
	if err != nil {
		return 0, b, err
	}
	at := sort.Search(len(blocks), func(i int) bool { return blocks[i].First > sequence }) - 1
	if at < 0 {
		return 0, b, missed(sequence, nil)
	}
	if b = blocks[at]; sequence >= borderOf(b).next() {
		return 0, b, l.notYet(sequence, borderOf(b).next()-1)
	}
	return bundle*bundleWidth + uint64(at), b, nil
}

func missed(sequence uint64, cause error) error {
	if cause != nil {
		return cause
	}
	return damaged("tile/entries", fmt.Errorf("no entry covers record %d", sequence))
}

// first returns the first sequence of a bundle.
func (l *Ledger) first(bundle, size uint64) (uint64, error) {
	l.mu.Lock()
	first, known := l.firsts[bundle]
	l.mu.Unlock()
	if known {
		return first, nil
	}
	b, err := l.firstOf(bundle, size)
	if err != nil {
		return 0, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.firsts) >= keptFirsts {
		clear(l.firsts)
	}
	l.firsts[bundle] = b.First
	return b.First, nil
}

// read returns the blocks of a bundle.
func (l *Ledger) read(bundle, size uint64) ([]proof.Block, error) {
	l.mu.Lock()
	blocks, known := l.bundles[bundle]
	l.mu.Unlock()
	if known {
		return blocks, nil
	}
	blocks, err := l.bundle(bundle, size)
	if err != nil || uint64(len(blocks)) < bundleWidth {
		return blocks, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.bundles) >= keptBundles {
		clear(l.bundles)
	}
	l.bundles[bundle] = blocks
	return blocks, nil
}
