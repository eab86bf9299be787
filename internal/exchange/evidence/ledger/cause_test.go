package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"

	"simpul/internal/exchange/evidence"
)

// A log whose disk fails tells it once, whatever the file is called each time.
func TestTheSameReasonIsToldOnce(t *testing.T) {
	at := func(path string, err error) error { return &fs.PathError{Op: "write", Path: path, Err: err} }
	for name, c := range map[string]struct {
		one, other error
		alike      bool
	}{
		"another file":     {at("a", syscall.ENOSPC), at("b", syscall.ENOSPC), true},
		"another reason":   {at("a", syscall.ENOSPC), at("a", syscall.EROFS), false},
		"the same words":   {errors.New("x"), errors.New("x"), true},
		"other words":      {errors.New("x"), errors.New("y"), false},
		"damage elsewhere": {damaged("a", FaultOther), damaged("b", FaultOther), false},
	} {
		if got := alike(c.one, c.other); got != c.alike {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestALostCauseIsAskedOfTheDisk(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	r.write(t, 3)
	l := r.filled(t, Options{})
	lost := fmt.Errorf("it failed: %v", syscall.ENOSPC)
	if err := l.explained(lost); err.Error() != lost.Error() {
		t.Errorf("the disk is well, and %v", err)
	}
	must(t, syscall.Rename(l.path(".state"), l.path(".away")))
	if err := l.explained(lost); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the disk was not asked: %v", err)
	}
	known := damaged("a", FaultOther)
	if err := l.explained(known); err != known {
		t.Errorf("damage became %v", err)
	}
}
