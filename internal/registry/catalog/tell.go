package catalog

import (
	"context"
	"fmt"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// tell tells those who hold grants what storing the LID means for them.
func (s *Service) tell(ctx context.Context, tx *sqldb.Tx, t turn) error {
	if t.before == nil {
		return nil
	}
	if t.spec.supersedes(t.before) {
		older := simpul.Major(t.before.Version)
		if err := s.holders.Tell(ctx, tx, t.address, older, superseded(t.address, t.before.Version, t.spec.Version, t.sunset)); err != nil {
			return err
		}
	}
	n, due := t.end()
	if !due {
		return nil
	}
	return s.holders.Tell(ctx, tx, t.address, "", n)
}

// end is the notice about the LID's own end; due is false where nothing new is
// to be told.
func (t turn) end() (n simpul.Notice, due bool) {
	was, is := t.before.State == Deprecated, t.spec.State == Deprecated
	switch {
	case is && (!was || *t.before.Deprecation != *t.spec.Deprecation):
		return deprecated(t.address, *t.spec.Deprecation), true
	case was && t.spec.State == Published:
		return goesOn(t.address), true
	case t.before.State.Live() && t.spec.State == Retired:
		return retiredNotice(t.address, t.spec.successor()), true
	}
	return n, false
}

func superseded(a simpul.Address, before, next string, sunset time.Time) simpul.Notice {
	lid, older, newer, day := string(a), simpul.Major(before), simpul.Major(next), dayWords(sunset)
	return simpul.Notice{
		Topic: "lid.superseded", Key: fmt.Sprintf("lid.superseded/%s/%s", lid, newer), Due: sunset,
		Title: simpul.Text{ID: "Versi " + newer + " dari " + lid + " terbit", EN: "Version " + newer + " of " + lid + " is published"},
		Body: simpul.Text{
			ID: "Aplikasi Anda tetap dijawab dengan versi " + older + " sampai " + day.ID + ". Lihat perubahannya di " + RevisionsPath(a) + ", sesuaikan aplikasi, lalu pindahkan izinnya ke versi " + newer + " di halaman Akses data.",
			EN: "Your application is still answered with version " + older + " until " + day.EN + ". See what changes at " + RevisionsPath(a) + ", fit the application, then move its grant to version " + newer + " on the page Access to data."},
	}
}

func deprecated(a simpul.Address, d Deprecation) simpul.Notice {
	lid, day := string(a), dayWords(d.sunset())
	return simpul.Notice{
		Topic: "lid.deprecated", Key: "lid.deprecated/" + lid + "/" + d.Since + "/" + d.Sunset + "/" + string(d.Successor), Due: d.sunset(),
		Title: simpul.Text{ID: "LID " + lid + " berakhir " + day.ID, EN: "LID " + lid + " ends on " + day.EN},
		Body:  together(reasonOf(d), whatNext(d.Successor)),
	}
}

func reasonOf(d Deprecation) simpul.Text {
	reason := strings.TrimRight(strings.TrimSpace(d.Reason), ".") + "."
	return simpul.Text{ID: "Alasan penyedia: " + reason, EN: "The provider's reason: " + reason}
}

// whatNext says what whoever calls a LID that ends should do.
func whatNext(successor simpul.Address) simpul.Text {
	if successor == "" {
		return simpul.Text{ID: "Belum ada penggantinya; tanyakan kepada penyedia.", EN: "Nothing follows it yet; ask the provider."}
	}
	return simpul.Text{
		ID: "Penggantinya " + string(successor) + ": ajukan akses ke sana dan pindahkan aplikasi sebelum hari itu.",
		EN: "It is followed by " + string(successor) + ": ask for access to it and move the application before that day."}
}

func together(a, b simpul.Text) simpul.Text {
	return simpul.Text{ID: a.ID + " " + b.ID, EN: a.EN + " " + b.EN}
}

func goesOn(a simpul.Address) simpul.Notice {
	return simpul.Notice{
		Topic: "lid.deprecated",
		Title: simpul.Text{ID: "LID " + string(a) + " tidak jadi berakhir", EN: "LID " + string(a) + " goes on after all"},
		Body:  simpul.Text{ID: "Penyedia membatalkan akhirnya. Tidak ada yang perlu diubah.", EN: "The provider has taken its end back. Nothing has to be changed."},
	}
}

func retiredNotice(a, successor simpul.Address) simpul.Notice {
	return simpul.Notice{
		Topic: "lid.retired", Key: "lid.retired/" + string(a), Urgent: true,
		Title: simpul.Text{ID: "LID " + string(a) + " sudah pensiun", EN: "LID " + string(a) + " is retired"},
		Body: together(simpul.Text{ID: "Panggilan ke alamatnya dijawab 410.", EN: "Calls to its address are answered with 410."},
			whatNext(successor)),
	}
}

// reminders are how many days before an end those who still call hear of it.
var reminders = [...]int{1, 7, 30}

// left is how many of the days of a reminder are left; 0 where none is due.
func left(sunset, now time.Time) int {
	if !sunset.After(now) {
		return 0
	}
	for _, days := range reminders {
		if !sunset.After(now.AddDate(0, 0, days)) {
			return days
		}
	}
	return 0
}

// WarnOfEnds reminds those who still call what ends in thirty days, seven days
// and one day, each once.
func (s *Service) WarnOfEnds(ctx context.Context, d *Directory) error {
	now := s.now()
	for _, l := range d.All() {
		if l.ending() == nil && len(l.Older) == 0 {
			continue
		}
		err := s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error { return s.remind(ctx, tx, l, now) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) remind(ctx context.Context, tx *sqldb.Tx, l *LID, now time.Time) error {
	if e := l.ending(); e != nil {
		if days := left(e.Sunset, now); days > 0 {
			n := deprecated(l.Address, *l.Spec.Deprecation)
			if err := s.holders.Tell(ctx, tx, l.Address, "", soon(n, days)); err != nil {
				return err
			}
		}
	}
	for _, o := range l.Older {
		days := left(o.Sunset, now)
		if days == 0 {
			continue
		}
		if err := s.holders.Tell(ctx, tx, l.Address, simpul.Major(o.Version), soon(versionEnds(l, o), days)); err != nil {
			return err
		}
	}
	return nil
}

// soon makes a reminder of a notice.
func soon(n simpul.Notice, days int) simpul.Notice {
	n.Key, n.Urgent = fmt.Sprintf("%s/%d/%d", n.Key, n.Due.Unix(), days), days == reminders[0]
	return n
}

func versionEnds(l *LID, o Older) simpul.Notice {
	n := superseded(l.Address, o.Version, l.Spec.Version, o.Sunset)
	older, day := simpul.Major(o.Version), dayWords(o.Sunset)
	n.Key += "/" + older
	n.Title = simpul.Text{ID: "Versi " + older + " dari " + string(l.Address) + " berakhir " + day.ID, EN: "Version " + older + " of " + string(l.Address) + " ends on " + day.EN}
	return n
}
