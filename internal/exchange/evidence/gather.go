package evidence

import (
	"context"
	"io"

	"simpul"
)

// indexed is a record with its place in the journal.
type indexed struct {
	sequence uint64
	record   Record
	whole    bool // its earlier record waited for it, so that the view has none
}

// read returns what is on disk after the position, and the position after it. An
// opened record is left out when the sealed one that repeats it follows in the same
// batch or in the next.
func (x *Index) read(r *Reader, at uint64) (records []indexed, end uint64, err error) {
	x.pending.shrink()
	records = x.batch[:0]
	end = at
	for most := at + uint64(x.most); end < most; {
		e, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, at, err
		}
		end = e.Sequence
		if !x.pending.take(e) {
			records = x.append(records, e)
		}
	}
	for i := range records {
		r := &records[i]
		r.whole = x.pending.settle(r.record.Exchange.ID)
	}
	return records, end, nil
}

// giveUp adds opened records up to the sequence whose sealed ones are not waited for.
func (x *Index) giveUp(records []indexed, until uint64) []indexed {
	for _, e := range x.pending.give(until) {
		records = x.append(records, e)
	}
	x.batch = records
	return records
}

// restore puts the opened records into the view that waited for the batch after the
// position when the one before it was written. Some are there, which changes nothing.
func (x *Index) restore(ctx context.Context, at uint64) error {
	x.pending = newOpenings()
	batch := uint64(x.most)
	left, err := x.unsettled(max(at, batch)-batch, at)
	if err != nil || len(left) == 0 {
		return err
	}
	return x.write(ctx, at, at, left)
}

// unsettled returns the opened records after the one position, up to the other, that
// none of a sealed exchange follows there.
func (x *Index) unsettled(after, until uint64) (left []indexed, err error) {
	r := x.journal.Read(max(after, x.journal.First()-1) + 1)
	defer r.Close()
	for at := after; at < until; {
		e, err := r.Next()
		if err == io.EOF { // of a journal that has ended before what the view has
			break
		}
		if err != nil {
			return nil, err
		}
		if at = e.Sequence; x.pending.take(e) {
			continue
		}
		for _, sealed := range x.append(nil, e) {
			x.pending.settle(sealed.record.Exchange.ID)
		}
	}
	return x.giveUp(nil, until), nil
}

// append adds the record of the entry; it leaves one out that the view has no place
// for, and reports one that makes no sense.
func (x *Index) append(records []indexed, e Entry) []indexed {
	records = append(records, indexed{sequence: e.Sequence})
	r := &records[len(records)-1].record
	err := x.skimmer.view(e.Payload, r)
	if err != nil {
		x.log.Error("evidence index: left out a record", "sequence", e.Sequence, "err", err)
	}
	if err != nil || r.Kind != Opened && r.Kind != Sealed {
		records = records[:len(records)-1]
	}
	return records
}

// latest leaves one record of each exchange, the last: most exchanges open and
// close within one batch.
func latest(records []indexed) []*indexed {
	at := make(map[simpul.ExchangeID]int, len(records))
	last := make([]*indexed, 0, len(records))
	for i := range records {
		r := &records[i]
		if i, ok := at[r.record.Exchange.ID]; ok {
			last[i], r.whole = r, true
			continue
		}
		at[r.record.Exchange.ID] = len(last)
		last = append(last, r)
	}
	return last
}
