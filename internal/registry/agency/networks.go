package agency

import (
	"fmt"
	"net/netip"
	"strings"

	"simpul"
)

// mostNetworks bounds an allow-list.
const mostNetworks = 200

// ParseNetworks reads an allow-list: addresses, and prefixes in CIDR notation
// (RFC 4632, RFC 4291 section 2.3). An empty list means anywhere. What could
// mean two things, such as a prefix with bits behind its length, is refused.
func ParseNetworks(list []string) ([]netip.Prefix, error) {
	if len(list) > mostNetworks {
		return nil, simpul.Invalid("addresses",
			simpul.Text{ID: fmt.Sprintf("Daftar alamat memuat lebih dari %d baris.", mostNetworks), EN: fmt.Sprintf("The list has more than %d addresses.", mostNetworks)},
			simpul.Text{ID: "Gabungkan alamat yang bertetangga menjadi satu jaringan CIDR.", EN: "Join neighbouring addresses into one CIDR network."})
	}
	networks := make([]netip.Prefix, len(list))
	for i, text := range list {
		network, err := parseNetwork(strings.TrimSpace(text))
		if err != nil {
			return nil, err
		}
		networks[i] = network
	}
	return networks, nil
}

func parseNetwork(text string) (netip.Prefix, error) {
	network, err := netip.ParsePrefix(text)
	if addr, single := netip.ParseAddr(text); single == nil && addr.Zone() == "" {
		network, err = netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	switch {
	case err != nil:
		return netip.Prefix{}, badNetwork(text, simpul.Text{ID: "Tulis satu alamat atau jaringan CIDR tiap baris, misalnya 103.12.4.0/24.", EN: "Write one address or CIDR network on each line, such as 103.12.4.0/24."})
	case network.Addr().Is4In6():
		return netip.Prefix{}, badNetwork(text, simpul.Text{ID: "Tulis alamat IPv4 dalam bentuk biasa, misalnya 103.12.4.7.", EN: "Write an IPv4 address in its usual form, such as 103.12.4.7."})
	case network != network.Masked():
		proper := network.Masked().String()
		return netip.Prefix{}, badNetwork(text, simpul.Text{ID: "Maksud Anda " + proper + "? Tulis alamat awal jaringannya.", EN: "Do you mean " + proper + "? Write the first address of the network."})
	}
	return network, nil
}

func badNetwork(text string, remedy simpul.Text) error {
	return simpul.Invalid("addresses",
		simpul.Text{ID: "Alamat \"" + text + "\" tidak sah.", EN: "Address \"" + text + "\" is not valid."}, remedy)
}

// within reports whether a list admits an address. An empty list admits all.
func within(networks []netip.Prefix, addr netip.Addr) bool {
	if len(networks) == 0 {
		return true
	}
	for _, network := range networks {
		if network.Contains(addr) {
			return true
		}
	}
	return false
}
