package safety

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// MaxAge is how old the last backup may be before operators are told.
const MaxAge = 7 * 24 * time.Hour

// Due returns what operators should be told about backups at this time: nothing
// while the last one is young enough, or the hub itself is.
func Due(ctx context.Context, tx *sqldb.Tx, now time.Time) (n simpul.Notice, due bool, err error) {
	last, err := trail.List(ctx, tx, trail.Filter{Action: ActionBackup}, 0, 1)
	if err != nil {
		return n, false, err
	}
	since := "never"
	if len(last) > 0 {
		if now.Sub(last[0].At) < MaxAge {
			return n, false, nil
		}
		since = last[0].At.Format(time.DateOnly)
	}
	old, err := trail.List(ctx, tx, trail.Filter{Until: now.Add(-MaxAge)}, 0, 1)
	if err != nil || len(old) == 0 {
		return n, false, err
	}
	year, week := now.ISOWeek()
	n = simpul.Notice{
		Topic: "hub.backup", Key: words("hub.backup:%d-%d", "hub.backup:%d-%d", year, week).EN, Holding: simpul.ReadAudit,
		Title: simpul.Text{ID: "Hub belum dicadangkan lebih dari tujuh hari", EN: "The hub has not been backed up for more than seven days"},
		Body:  words("Cadangan terakhir: %s. Jalankan simpul backup di mesin hub, dan pastikan jadwalnya berjalan.", "Last backup: %s. Run simpul backup on the hub's machine, and see that its schedule runs.", since),
		Link:  "/audit?action=" + ActionBackup,
	}
	if since == "never" {
		n.Body.ID = "Belum pernah ada cadangan. Jalankan simpul backup di mesin hub, lalu jadwalkan setiap hari."
		n.Body.EN = "There has never been a backup. Run simpul backup on the hub's machine, then schedule it daily."
	}
	return n, true, nil
}
