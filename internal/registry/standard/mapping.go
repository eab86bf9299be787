package standard

import (
	"fmt"

	"simpul"
)

// Relation says how a code of one list relates to one of another, after SKOS
// (W3C Recommendation of 18 August 2009, section 10).
type Relation string

const (
	Exact    Relation = "exact"    // both mean the same
	Broader  Relation = "broader"  // the other is wider
	Narrower Relation = "narrower" // the other is a part
)

// Mapping says what a code is in another list, in a period.
type Mapping struct {
	Code     string   `json:"code" maxLength:"64"`
	Relation Relation `json:"relation" enum:"exact,broader,narrower"`
	List     ListID   `json:"list" doc:"The other list" example:"wilayah-bps"`
	Target   string   `json:"target" maxLength:"64" doc:"Its code there"`
	Validity
	Source string `json:"source,omitempty" maxLength:"300" pattern:"^\\P{Cc}*$" patternDescription:"free of control characters"`
}

// checkMappings refuses two statements about one pair in overlapping periods,
// and two codes that one is exactly at once.
func checkMappings(own ListID, all []Mapping) error {
	type side struct {
		code string
		list ListID
	}
	same := map[side][]int{}
	for i, m := range all {
		place := func(field string) string { return fmt.Sprintf("spec.mappings[%d].%s", i, field) }
		if _, err := ParseListID(string(m.List)); err != nil {
			return simpul.At(place("list"), err)
		}
		for field, code := range map[string]string{"code": m.Code, "target": m.Target} {
			if err := checkCode(place(field), code); err != nil {
				return err
			}
		}
		if err := plainText(place("source"), m.Source); err != nil {
			return err
		}
		if m.List == own {
			return simpul.Invalid(place("list"), simpul.Text{ID: "Padanan menunjuk daftar ini sendiri.", EN: "The mapping names this list itself."},
				simpul.Text{ID: "Sebut daftar lain; perubahan dalam satu daftar ditulis pada successions.", EN: "Name another list; changes within a list are written in successions."})
		}
		if err := m.Validity.check(place); err != nil {
			return err
		}
		key := side{m.Code, m.List}
		for _, j := range same[key] {
			if other := all[j]; m.Overlaps(other.Validity) && (m.Target == other.Target || m.Relation == Exact && other.Relation == Exact) {
				return twoMappings(m, other, place("target"))
			}
		}
		same[key] = append(same[key], i)
	}
	return nil
}

func twoMappings(m, other Mapping, place string) error {
	return simpul.Invalid(place,
		simpul.Text{
			ID: "Kode " + m.Code + " punya dua padanan yang bertabrakan di " + string(m.List) + ": " + m.Target + " dan " + other.Target + ".",
			EN: "Code " + m.Code + " has two conflicting mappings in " + string(m.List) + ": " + m.Target + " and " + other.Target + "."},
		simpul.Text{ID: "Pisahkan masa berlakunya, atau pakai broader atau narrower untuk yang tidak persis sama.", EN: "Separate their periods, or use broader or narrower for one that is not exactly the same."})
}
