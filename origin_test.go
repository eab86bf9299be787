package simpul_test

import (
	"net/netip"
	"testing"

	"simpul"
)

func TestCallable(t *testing.T) {
	for address, want := range map[string]bool{
		"10.0.0.1": true, "127.0.0.1": true, "192.0.2.1": true, "::1": true, "2001:db8::1": true, "fd00::1": true,
		"0.0.0.0": false, "::": false, "169.254.169.254": false, "::ffff:169.254.169.254": false, "fe80::1%eth0": false, "224.0.0.1": false, "ff02::1": false, "fd00:ec2::254": false, "100.100.100.200": false,
	} {
		if got := simpul.Callable(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	if simpul.Callable(netip.Addr{}) {
		t.Error("no address at all")
	}
}

func TestDialable(t *testing.T) {
	for address, want := range map[string]bool{
		"10.0.0.1:443": true, "[::1]:80": true, "169.254.169.254:80": false, "[fe80::1%eth0]:80": false, "10.0.0.1": false, "contoh.go.id:443": false, "": false,
	} {
		if got := simpul.Dialable(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}
