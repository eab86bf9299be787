package main

import (
	"testing"
	"time"
)

func TestParseExpiry(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for given, want := range map[string]time.Time{
		"90d":        now.Add(90 * 24 * time.Hour),
		"1d":         now.Add(24 * time.Hour),
		"2027-06-30": time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC), // to the end of the day
	} {
		if got, err := parseExpiry(given, now); err != nil || !got.Equal(want) {
			t.Errorf("%s: got %v, %v", given, got, err)
		}
	}
	if got, err := parseExpiry("", now); got != nil || err != nil {
		t.Errorf("none: got %v, %v", got, err)
	}
	for _, given := range []string{"0d", "-1d", "731d", "d", "kemarin", "2027-13-01", "90"} {
		if _, err := parseExpiry(given, now); err == nil {
			t.Errorf("%q is taken", given)
		}
	}
}

func TestAgencyAndOnboardingCommandsAskTheRightThing(t *testing.T) {
	hub := newFakeHub(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"agency", "standing", "b.go.id"}, "GET /agencies/b.go.id/standing"},
		{[]string{"agency", "decide", "b.go.id", "trial"}, "PUT /agencies/b.go.id/standing"},
		{[]string{"agency", "suspend", "b.go.id", "--reason", "x"}, "PUT /agencies/b.go.id/suspension"},
		{[]string{"agency", "reinstate", "b.go.id"}, "DELETE /agencies/b.go.id/suspension"},
		{[]string{"agency", "addresses", "b.go.id", "--anywhere"}, "PUT /agencies/b.go.id/addresses"},
		{[]string{"agency", "unit", "b.go.id", "u/v", "--delete"}, "DELETE /agencies/b.go.id/units/u%2Fv"},
		{[]string{"onboarding", "get", "f-1"}, "GET /onboardings/f-1"},
		{[]string{"onboarding", "accept", "f-1", "--version", "2"}, "POST /onboardings/f-1/acceptance"},
		{[]string{"onboarding", "lock", "f-1"}, "POST /onboardings/f-1/lock"},
		{[]string{"onboarding", "submit", "b.go.id"}, "POST /agencies/b.go.id/onboarding/submission"},
		{[]string{"key", "leaked", "a@b.go.id", "k-1"}, "POST /applications/a@b.go.id/keys/k-1/leak"},
	} {
		hub.simpul(t, c.args...)
		if got := hub.requests[len(hub.requests)-1]; got != c.want {
			t.Errorf("%v: asked %s, want %s", c.args, got, c.want)
		}
	}
	before := len(hub.requests)
	for _, args := range [][]string{
		{"agency", "standing", "B"}, {"agency", "decide", "b.go.id", "admitted"}, {"agency", "addresses", "b.go.id", "--anywhere", "--set", "10.0.0.0/8"},
		{"onboarding", "get", ".."}, {"key", "rotate", "a@b.go.id", "k-1", "--overlap", "91"}, {"key", "leaked", "a@b.go.id"},
	} {
		hub.simpul(t, args...).expect(t, 2)
	}
	if len(hub.requests) != before {
		t.Errorf("sent %v", hub.requests[before:])
	}
}
