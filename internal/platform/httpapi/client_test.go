package httpapi

import (
	"net/http/httptest"
	"testing"
)

func TestWhereARequestCameFrom(t *testing.T) {
	proxies, err := ParseProxies([]string{"10.0.0.0/8", "192.0.2.1", "fd00::/8"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		remote    string
		forwarded []string
		want      string
	}{
		{"203.0.113.9:1234", nil, "203.0.113.9"},
		{"203.0.113.9:1234", []string{"198.51.100.1"}, "203.0.113.9"}, // not a proxy of ours
		{"10.1.1.1:1", []string{"198.51.100.1"}, "198.51.100.1"},
		{"10.1.1.1:1", []string{"6.6.6.6, 198.51.100.1"}, "198.51.100.1"}, // what the client claims stands before
		{"10.1.1.1:1", []string{"6.6.6.6", "198.51.100.1, 192.0.2.1"}, "198.51.100.1"},
		{"10.1.1.1:1", []string{"rubbish"}, "10.1.1.1"},
		{"10.1.1.1:1", []string{"6.6.6.6, rubbish"}, "10.1.1.1"},
		{"10.1.1.1:1", []string{"10.2.2.2"}, "10.2.2.2"},
		{"[::ffff:10.1.1.1]:1", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		{"[fd00::1]:1", []string{"2001:db8::9"}, "2001:db8::9"},
		{"pipe", nil, "invalid IP"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		for _, line := range c.forwarded {
			r.Header.Add("X-Forwarded-For", line)
		}
		if got := proxies.Client(r).String(); got != c.want {
			t.Errorf("%s by %q: got %s, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
	for _, bad := range []string{"", "10.0.0.0/33", "host"} {
		if _, err := ParseProxies([]string{bad}); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}
