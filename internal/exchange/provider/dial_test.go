package provider

import (
	"testing"

	"simpul"
)

// No name and no address leads to where clouds keep a machine's secrets.
func TestSomeAddressesAreNeverCalled(t *testing.T) {
	for _, upstream := range []string{"http://169.254.169.254/latest", "http://[fe80::1]", "http://0.0.0.0:80", "http://[::]:80", "http://224.0.0.1", "http://[fd00:ec2::254]", "http://100.100.100.200", "http://[::ffff:169.254.169.254]"} {
		route := routeTo(t, upstream)
		_, _, err := get(t, newCaller(t), route, "/")
		checkFault(t, route, err, simpul.CodeUnavailable)
	}
	for address, want := range map[string]bool{"10.1.2.3:80": true, "127.0.0.1:80": true, "[::1]:80": true, "203.0.113.7:443": true, "169.254.1.1:80": false, "[ff02::1]:80": false, "nonsense": false} {
		if err := guard("tcp", address, nil); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
}
