package provider

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestPatience(t *testing.T) {
	for _, c := range []struct {
		field, value string
		want         time.Duration
	}{
		{"", "", time.Minute},
		{deadlineField, "5", 5 * time.Second},
		{deadlineField, "0.25", 250 * time.Millisecond},
		{deadlineField, "120", time.Minute}, // nobody gets more than the route allows
		{deadlineField, "0", time.Minute},
		{deadlineField, "-5", time.Minute},
		{deadlineField, "5s", time.Minute},
		{deadlineField, "NaN", time.Minute},
		{deadlineField, "1e3", time.Minute},
		{deadlineField, "1.2.3", time.Minute},
		{deadlineField, "", time.Minute},
		{deadlineField, "0.0000001", time.Millisecond},
		{grpcField, "5S", 5 * time.Second},
		{grpcField, "250m", 250 * time.Millisecond},
		{grpcField, "99999999H", time.Minute},
		{grpcField, "999999999S", time.Minute},
		{grpcField, "S", time.Minute},
		{grpcField, "5x", time.Minute},
		{grpcField, "0S", time.Minute},
	} {
		h := http.Header{}
		if c.field != "" {
			h[c.field] = []string{c.value}
		}
		if got := patience(h, time.Minute); got != c.want {
			t.Errorf("%s: %q: got %s, want %s", c.field, c.value, got, c.want)
		}
	}
}

func TestWhatOriginsAreTold(t *testing.T) {
	told := []string{"30"}
	r := request(t, http.MethodGet, "/", nil)
	r.Header.Set(deadlineField, "1")
	r.Header.Set(grpcField, "1S")
	tell(r, 30*time.Second, 30*time.Second, told)
	if got := r.Header; got.Get(deadlineField) != "30" || got.Get(grpcField) != "" {
		t.Errorf("got %v", got)
	}
	tell(r, 1500*time.Millisecond+1, 30*time.Second, told)
	if got := r.Header.Get(deadlineField); got != "1.501" {
		t.Errorf("got %s", got)
	}
	r = request(t, http.MethodPost, "/", strings.NewReader("x"))
	r.Header.Set("Content-Type", "application/grpc+proto")
	tell(r, 30*time.Second, 30*time.Second, told)
	if got := r.Header; got.Get(deadlineField) != "" || got.Get(grpcField) != "30000m" {
		t.Errorf("got %v", got)
	}
}

// Whatever a consumer sends, the hub waits for some time, and no longer than the
// route allows.
func FuzzPatience(f *testing.F) {
	for _, s := range []string{"5", "0.25", "5S", "99999999H", "-1", "1e9", "NaN", "∞", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, field := range []string{deadlineField, grpcField} {
			if got := patience(http.Header{field: {s}}, time.Minute); got < time.Millisecond || got > time.Minute {
				t.Errorf("%s: %q makes the hub wait for %s", field, s, got)
			}
		}
	})
}
