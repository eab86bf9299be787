package witness

import (
	"fmt"
	"net/url"
	"strings"

	"simpul"
)

// Peer is a witness that the hub asks.
type Peer struct {
	Name string // what people call it: the institution
	URL  string // its submission prefix, without a slash at the end
	Key  Key
	Own  bool // whoever runs the hub runs it too, so that it vouches for nothing against them
}

// ParsePeer checks what was configured; place says where, such as "witnesses[0]".
func ParsePeer(place, name, address, vkey string, own bool) (Peer, error) {
	p := Peer{Name: strings.TrimSpace(name), URL: strings.TrimRight(address, "/"), Own: own}
	if p.Name == "" || len(p.Name) > 100 {
		return Peer{}, simpul.Invalid(place+".name",
			simpul.Text{ID: "Saksi belum diberi nama.", EN: "The witness has no name."},
			simpul.Text{ID: "Tulis nama lembaganya, misalnya: BPK.", EN: "Write the institution's name, such as: BPK."})
	}
	u, err := url.Parse(p.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return Peer{}, simpul.Invalid(place+".url",
			simpul.Text{ID: fmt.Sprintf("Alamat saksi tidak sah: %q.", address), EN: fmt.Sprintf("The witness's address is not valid: %q.", address)},
			simpul.Text{ID: "Tulis alamat yang diberikan saksi, misalnya https://saksi.bpk.go.id.", EN: "Write the address that the witness gave, such as https://saksi.bpk.go.id."})
	}
	if p.Key, err = ParseKey(vkey); err != nil {
		return Peer{}, simpul.Invalid(place+".vkey",
			simpul.Text{ID: fmt.Sprintf("Ini bukan kunci seorang saksi: %q.", vkey), EN: fmt.Sprintf("This is no key of a witness: %q.", vkey)},
			simpul.Text{ID: "Minta saksi menjalankan \"simpul witness key\", dan salin yang dicetaknya sesudah kata witness.", EN: "Ask the witness to run \"simpul witness key\", and copy what it prints after the word witness."})
	}
	return p, nil
}
