package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"testing"
)

func TestWhoHasLeft(t *testing.T) {
	here := httptest.NewRequest("GET", "/", nil)
	ctx, leave := context.WithCancel(t.Context())
	leave()
	gone := here.WithContext(ctx)
	cut := fmt.Errorf("read the session: %w", context.Canceled)

	if !Left(gone, cut) {
		t.Error("whoever went away is not known to have left")
	}
	if Left(here, cut) {
		t.Error("somebody who still waits has left, where the hub gave up by itself")
	}
	if Left(gone, errors.New("disk full")) {
		t.Error("a fault is hidden because nobody waits")
	}
}
