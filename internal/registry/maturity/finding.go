package maturity

import (
	"fmt"
	"time"
)

// Status says whether something that is asked for is there.
type Status string

const (
	Met     Status = "met"
	Missing Status = "missing"
	Unknown Status = "unknown" // the hub cannot know
)

// Finding is what the hub found of one criterion. It is a fact for the assessor,
// not a score.
type Finding struct {
	Criterion
	Status Status `json:"status" enum:"met,missing,unknown"`
	Why    Words  `json:"why" doc:"What it rests on"`
}

// findings holds a report against a model.
func findings(r Report, m Model) []Finding {
	all := make([]Finding, len(m.Criteria))
	for i, c := range m.Criteria {
		status, why := r.find(c.Evidence)
		all[i] = Finding{c, status, why}
	}
	return all
}

func (r Report) find(e Evidence) (Status, Words) {
	switch e {
	case Connected:
		return r.connected()
	case Exchanging:
		n := r.Exchanges.Provided.Delivered + r.Exchanges.Called.Delivered
		return metIf(n > 0), both("%d pertukaran terkirim dalam periode.", "Exchanges delivered in the period: %d.", n)
	case Catalogued:
		n := len(r.live())
		return metIf(n > 0), both("%d LID ada dalam katalog.", "LIDs in the catalogue: %d.", n)
	case Documented:
		n := 0
		for _, f := range r.Norms.Forms {
			n += f.Approved
		}
		return metIf(n > 0), both("%d formulir metadata disetujui.", "Approved forms of metadata: %d.", n)
	case Standards:
		followed, kept := len(r.Norms.Followed), len(r.Norms.Authored)
		return metIf(followed+kept > 0), both("%d standar atau daftar diikuti, %d diasuh.", "Standards and lists followed: %d; kept: %d.", followed, kept)
	case Reviewed:
		return r.reviewed()
	case Renewed:
		return r.renewed()
	}
	return Unknown, both("Hub tidak menyimpan dokumen ini.", "The hub does not keep this document.")
}

func (r Report) connected() (Status, Words) {
	a := r.Approval
	switch {
	case a.Suspended:
		return Missing, both("Instansi sedang dibekukan.", "The agency is suspended.")
	case a.Standing != "operational":
		return Missing, both("Instansi belum memperoleh izin operasional.", "The agency has no operational approval yet.")
	case a.Letter == "":
		return Met, both("Izin operasional berlaku; nomor suratnya tidak tercatat di hub.", "The operational approval is in force; the number of its letter is not recorded.")
	}
	return Met, both("Izin operasional nomor %s tanggal %s.", "Operational approval number %s of %s.", a.Letter, a.LetterDate)
}

func (r Report) reviewed() (Status, Words) {
	_, until := r.Period.bounds()
	live, recorded, recent := r.live(), 0, 0
	for _, l := range live {
		if l.Evaluated == nil {
			continue
		}
		if recorded++; l.Evaluated.After(until.AddDate(-1, 0, 0)) {
			recent++
		}
	}
	switch {
	case len(live) == 0:
		return Missing, both("Belum ada LID yang dapat dievaluasi.", "There is no LID to evaluate yet.")
	case recorded == 0:
		return Unknown, both("Hub belum mencatat evaluasi satu pun LID ini.", "The hub has no evaluation of these LIDs on record.")
	}
	return metIf(recent == len(live)), both("%d dari %d LID dievaluasi dalam setahun terakhir.", "%d of %d LIDs were evaluated within the last year.", recent, len(live))
}

func (r Report) renewed() (Status, Words) {
	from, until := r.Period.bounds()
	n := 0
	for _, l := range r.LIDs {
		if within(l.Updated, from, until) && l.Updated.After(l.Since) {
			n++
		}
	}
	return metIf(n > 0), both("%d LID diperbarui dalam periode.", "LIDs renewed in the period: %d.", n)
}

func (r Report) live() (all []LID) {
	for _, l := range r.LIDs {
		if l.Live {
			all = append(all, l)
		}
	}
	return all
}

func within(t, from, until time.Time) bool { return !t.Before(from) && t.Before(until) }

func metIf(ok bool) Status {
	if ok {
		return Met
	}
	return Missing
}

func both(id, en string, args ...any) Words {
	return Words{fmt.Sprintf(id, args...), fmt.Sprintf(en, args...)}
}
