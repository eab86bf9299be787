package main

import "time"

// lag is how far behind the journals an answer of the hub is.
type lag struct {
	Behind        uint64     `json:"behind"`
	CompleteUntil *time.Time `json:"completeUntil"`
}

// unremarkable is how old an answer may be before people are told: what is under way gets
// into lists within less.
const unremarkable = 5 * time.Second

// tellLag says what a list lacks, unless that is nothing.
func (c *console) tellLag(l lag, now time.Time) {
	switch {
	case l.Behind == 0:
	case l.CompleteUntil == nil:
		c.say(text("Daftar ini tertinggal %d catatan dari jurnal bukti, yang dipegang proses hub lain.", "This list is %d records behind the evidence journal, which another process of the hub holds.", l.Behind))
	case now.Sub(*l.CompleteUntil) > unremarkable:
		c.say(text("Daftar ini lengkap sampai %s; %d catatan sesudahnya belum terbaca dari jurnal bukti. Lihat \"simpul evidence views\".",
			"This list is complete until %s; %d records after that were not read from the evidence journal yet. See \"simpul evidence views\".", l.CompleteUntil.Local().Format(time.RFC3339), l.Behind))
	}
}
