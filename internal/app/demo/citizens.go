package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"simpul"
)

// Citizen is an invented person. Even the name says so ("Contoh …"), since a
// grant may deliver the name without the flag beside it.
type Citizen struct {
	NIK  simpul.NIK
	Name string
	Sex  Sex
	Born time.Time // midnight UTC of the day of birth
}

// Sex is written as Indonesian civil registration writes it.
type Sex string

const (
	Male   Sex = "laki-laki"
	Female Sex = "perempuan"
)

// Issued returns the code of the district that issued the NIK. It tells where
// the person was registered first, not where the person lives.
func (c Citizen) Issued() string {
	return string(c.NIK[:2] + "." + c.NIK[2:4] + "." + c.NIK[4:6])
}

// Citizens are sorted by NIK.
type Citizens []Citizen

// Find returns the citizen with a NIK.
func (c Citizens) Find(nik simpul.NIK) (Citizen, bool) {
	i, ok := slices.BinarySearchFunc(c, nik, func(c Citizen, nik simpul.NIK) int {
		return strings.Compare(string(c.NIK), string(nik))
	})
	if !ok {
		return Citizen{}, false
	}
	return c[i], true
}

// firstSerial begins the serial numbers of synthetic NIKs. An office numbers
// the people whom it registers for one date of birth upwards from 0001, so that
// 9900 would take 9,900 births of one day in one district.
const firstSerial = 9900

// SyntheticCitizens invents one citizen for each district, the same ones every
// time: everything follows from the district's position in the list.
func SyntheticCitizens(regions *Regions) Citizens {
	districts := regions.Level(District)
	citizens := make(Citizens, districts.Len())
	for i := range citizens {
		citizens[i] = synthetic(districts.At(i).Code, i)
	}
	return citizens
}

func synthetic(district string, i int) Citizen {
	c := Citizen{Name: syntheticName(i), Sex: syntheticSex(i), Born: syntheticBirth(i)}
	c.NIK = syntheticNIK(district, c, firstSerial+i%100)
	return c
}

// syntheticNIK adds 40 to the day of birth of women, as the number has it.
func syntheticNIK(district string, c Citizen, serial int) simpul.NIK {
	day := c.Born.Day()
	if c.Sex == Female {
		day += 40
	}
	area := strings.ReplaceAll(district, ".", "")
	return simpul.NIK(fmt.Sprintf("%s%02d%02d%02d%04d", area, day, c.Born.Month(), c.Born.Year()%100, serial))
}

func syntheticSex(i int) Sex {
	if i%2 == 0 {
		return Female
	}
	return Male
}

// syntheticBirth spreads the days of birth over 1950 to 2009 in strides that
// share no factor with the number of days.
func syntheticBirth(i int) time.Time {
	const days, stride = 60*365 + 15, 8191
	return time.Date(1950, time.January, 1+i*stride%days, 0, 0, 0, 0, time.UTC)
}

// syntheticName joins a flower or a thing of the sky with a mountain, so that
// names read well in a table and belong to nobody.
func syntheticName(i int) string {
	flowers := [...]string{"Melati", "Kenanga", "Cempaka", "Dahlia", "Anggrek", "Mawar", "Teratai", "Kamboja", "Seroja", "Soka", "Flamboyan"}
	skies := [...]string{"Bintang", "Guntur", "Fajar", "Surya", "Langit", "Halilintar", "Purnama", "Pelangi", "Angkasa", "Mega", "Senja"}
	mountains := [...]string{"Rinjani", "Kerinci", "Semeru", "Merapi", "Agung", "Tambora", "Leuser", "Slamet", "Lawu", "Bromo", "Galunggung", "Gamalama", "Latimojong"}

	given := flowers[i/2%len(flowers)]
	if syntheticSex(i) == Male {
		given = skies[i/2%len(skies)]
	}
	return "Contoh " + given + " " + mountains[i/2%len(mountains)]
}
