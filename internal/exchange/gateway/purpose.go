package gateway

import (
	"net/http"
	"regexp"
	"strings"

	"simpul"
)

// purposeHeader is where a call says what it is for, on LIDs whose provider asks
// for that. The provider gets it too.
const purposeHeader = "Simpul-Purpose"

// stated is a purpose as a call may state it: a few words of printable ASCII.
var stated = regexp.MustCompile(`^[ -~]{5,200}$`)

// longNumber looks like the number of a person, which no record may have.
var longNumber = regexp.MustCompile(`[0-9]{10}`)

// statePurpose reads what a call is for, where the route asks for it, and adds it
// to the purpose that the grant was given for.
func (c *call) statePurpose(route *simpul.Route, h http.Header) error {
	if !route.StatePurpose {
		return nil
	}
	said := strings.TrimSpace(h.Get(purposeHeader))
	if len(h[purposeHeader]) != 1 || !stated.MatchString(said) || longNumber.MatchString(said) {
		return noPurpose(route)
	}
	c.purpose = said
	c.exchange.Purpose += " · " + said
	return nil
}

func noPurpose(route *simpul.Route) error {
	e := simpul.Invalid("header."+purposeHeader,
		simpul.Text{ID: string(route.Address) + " meminta setiap panggilan menyebut keperluannya.", EN: string(route.Address) + " asks every call to say what it is for."},
		simpul.Text{
			ID: "Sertakan satu kepala " + purposeHeader + " berisi 5 sampai 200 karakter, misalnya \"pemeriksaan permohonan KTP\", tanpa nomor orang.",
			EN: "Send one header " + purposeHeader + " of 5 to 200 characters, such as \"checking an application for an identity card\", without numbers of persons."})
	e.Owner = route.Owner
	return e
}
