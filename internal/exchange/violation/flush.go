package violation

import (
	"context"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Run writes what was noted, until ctx ends, and then what is left. What the
// database refuses waits for the next time.
func (c *Collector) Run(ctx context.Context) {
	tick := time.NewTicker(flushPause)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			c.write(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushPause)
			defer cancel()
			c.write(last)
			return
		}
	}
}

func (c *Collector) write(ctx context.Context) {
	if err := c.Flush(ctx); err != nil {
		c.log.WarnContext(ctx, "violations wait to be written", "error", err)
	}
}

// Flush writes what was noted so far.
func (c *Collector) Flush(ctx context.Context) error {
	c.turn.Lock()
	defer c.turn.Unlock()
	rows, samples := c.pending(), c.gathered()
	if len(rows) == 0 && len(samples) == 0 {
		return nil
	}
	err := c.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := addCounts(ctx, tx, rows); err != nil {
			return err
		}
		if err := putSamples(ctx, tx, samples); err != nil {
			return err
		}
		return c.tell(ctx, tx, rows)
	})
	if err != nil {
		for _, s := range samples {
			c.keep(s)
		}
		return fmt.Errorf("write violations: %w", err)
	}
	c.settle(rows)
	return nil
}

// pending are the amounts that are not written.
func (c *Collector) pending() (rows []row) {
	for i := range c.parts {
		p := &c.parts[i]
		p.mu.Lock()
		for k, n := range p.counts {
			if n.amount > n.written {
				rows = append(rows, row{k, n.expected, n.amount - n.written})
			}
		}
		p.mu.Unlock()
	}
	return rows
}

// settle notes what is written, and forgets the hours before.
func (c *Collector) settle(rows []row) {
	byKey := make(map[key]int64, len(rows))
	for _, r := range rows {
		byKey[r.key] = r.amount
	}
	hour := c.now().Truncate(time.Hour).UnixMilli()
	for i := range c.parts {
		p := &c.parts[i]
		p.mu.Lock()
		for k, n := range p.counts {
			n.written += byKey[k]
			if n.written == n.amount && k.hour < hour {
				delete(p.counts, k)
			}
		}
		p.mu.Unlock()
	}
}

func (c *Collector) gathered() (all []sample) {
	for {
		select {
		case s := <-c.samples:
			all = append(all, s)
		default:
			return all
		}
	}
}

// tell lets providers know of answers that are refused, once a day.
func (c *Collector) tell(ctx context.Context, tx *sqldb.Tx, rows []row) error {
	told := map[simpul.Address]bool{}
	for _, r := range rows {
		if r.Direction != Response || !r.enforced || told[r.Address] {
			continue
		}
		told[r.Address] = true
		if err := c.notices.Notify(ctx, tx, refusing(r, c.now())); err != nil {
			return err
		}
	}
	return nil
}

func refusing(r row, now time.Time) simpul.Notice {
	lid := string(r.Address)
	return simpul.Notice{
		Topic: "lid.violation", Key: "lid.violation/" + lid + "/" + now.In(jakarta).Format(time.DateOnly),
		Agency: r.Provider, Holding: simpul.WriteLIDs, Link: PagePath(r.Address),
		Title: simpul.Text{ID: "Jawaban " + lid + " ditahan karena tidak sesuai kontrak", EN: "Answers of " + lid + " are held back: they do not meet the contract"},
		Body: simpul.Text{
			ID: "Pemanggil mendapat 502 sebagai gantinya. Halaman pelanggaran LID menunjukkan apa yang salah, sejak versi mana, dan contoh pertukarannya. Perbaiki layanan atau kontraknya, atau ubah pemeriksaan menjadi pengamatan sampai selesai.",
			EN: "Those who call get 502 instead. The page of the LID's violations shows what is wrong, since which version, and an example exchange. Mend the service or the contract, or turn the check into observation until that is done."},
	}
}

// jakarta is the zone by which days are told apart.
var jakarta = time.FixedZone("WIB", 7*60*60)

// Prune drops what is from before a time.
func (c *Collector) Prune(ctx context.Context, before time.Time) (n int64, err error) {
	err = c.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		n, err = dropBefore(ctx, tx, before)
		return err
	})
	return n, err
}
