package evidence

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
)

// refusing makes a disk answer every write, or every new file, with the error.
func refusing(err error, flags int) func(*disk) {
	return func(d *disk) {
		d.onOpen = func(_ string, flag int) error {
			if flag&flags != 0 {
				return err
			}
			return nil
		}
		if flags&os.O_WRONLY != 0 {
			d.onWrite = func([]byte) (int, error) { return 0, err }
		}
	}
}

// A disk that has become read-only, and a folder whose permissions were taken away, while the
// journal runs: it stops, says which of the two it is, does not go on for a single record while
// that lasts, and goes on by itself afterwards with everything that was acknowledged.
func TestTheDiskTakesNoWritesWhileTheJournalRuns(t *testing.T) {
	for name, c := range map[string]struct {
		fail    func(*disk)
		cause   error
		trouble Trouble
		says    string
	}{
		"read-only disk":              {refusing(syscall.EROFS, os.O_WRONLY|os.O_CREATE), syscall.EROFS, ReadOnly, "hanya dapat dibaca"},
		"folder shut, files open":     {refusing(syscall.EACCES, os.O_CREATE), syscall.EACCES, Forbidden, "tidak diizinkan menulis"},
		"folder and files shut":       {refusing(syscall.EACCES, os.O_WRONLY|os.O_CREATE), syscall.EACCES, Forbidden, "tidak diizinkan menulis"},
		"files made immutable":        {refusing(syscall.EPERM, os.O_WRONLY|os.O_CREATE), syscall.EPERM, Forbidden, "tidak diizinkan menulis"},
		"read-only for new files":     {refusing(syscall.EROFS, os.O_CREATE), syscall.EROFS, ReadOnly, "hanya dapat dibaca"},
		"no room for new files alone": {refusing(syscall.EDQUOT, os.O_CREATE), syscall.EDQUOT, Full, "penuh"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDisk()
			j := openTest(t, t.TempDir(), Options{SegmentBytes: headerSize + 3*int64(smallFrame), open: d.open})
			commit(t, j, numbered(1, 3)...) // the segment is full
			d.set(c.fail)
			_, err := j.Commit(t.Context(), []byte("record 4"))
			wantRefusal(t, err, c.cause)
			if got := TroubleOf(j.Err()); got != c.trouble {
				t.Errorf("trouble %q, want %q", got, c.trouble)
			}
			if what, _ := TroubleOf(err).Says(); !strings.Contains(what.ID, c.says) {
				t.Errorf("it says %q", what.ID)
			}
			for range 3 {
				wantRefusal(t, j.Reopen(), c.cause)
				_, err := j.Append(t.Context(), []byte("meanwhile"))
				wantRefusal(t, err, c.cause)
			}
			d.heal()
			if err := j.Reopen(); err != nil {
				t.Fatal(err)
			}
			commit(t, j, "resumed")
			got, err := readAll(t, j, 1)
			if err != nil || len(got) < 4 || got[0] != "record 1" || got[len(got)-1] != "resumed" {
				t.Errorf("the journal has %q, %v", got, err)
			}
			if _, err := os.Stat(j.dir + "/probe"); !errors.Is(err, os.ErrNotExist) {
				t.Error("the probe is left behind")
			}
		})
	}
}
