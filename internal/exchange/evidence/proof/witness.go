package proof

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

func byName(at map[string]time.Time) []Witness {
	var all []Witness
	for _, name := range slices.Sorted(maps.Keys(at)) {
		all = append(all, Witness{name, at[name]})
	}
	return all
}

func (c *check) sayWitnesses(forged string) {
	v := &c.verdict
	n := len(v.Witnesses)
	switch {
	case forged != "":
		v.say(StepWitnesses, Failed, "Tanda tangan saksi "+forged+" bukan untuk tanda log ini. Jangan memakai bukti ini; minta sekali lagi dari hub.",
			"The cosignature of witness "+forged+" is not over this checkpoint. Do not use this proof; get it from the hub once more.")
	case n < c.demand.Witnesses:
		v.say(StepWitnesses, Failed, fmt.Sprintf("Anda meminta %d saksi, tetapi baru %d yang ikut menandatangani. Minta buktinya lagi nanti, atau lengkapi berkas kunci Anda.", c.demand.Witnesses, n),
			fmt.Sprintf("You asked for %d witnesses, but %d have cosigned so far. Get the proof again later, or add keys to your keys file.", c.demand.Witnesses, n))
	case n == 0 && len(c.keys.witnesses) == 0:
		v.say(StepWitnesses, Missing, "Menunggu saksi: berkas kunci Anda tidak memuat saksi, jadi bukti ini bersandar pada hub saja. Tambahkan kunci saksi yang Anda percaya.",
			"Awaiting witness: your keys file names no witness, so this proof rests on the hub alone. Add the keys of witnesses that you trust.")
	case n == 0:
		v.say(StepWitnesses, Missing, "Menunggu saksi: belum ada saksi dari berkas kunci Anda yang ikut menandatangani, jadi bukti ini masih bersandar pada hub saja. Minta lagi beberapa menit kemudian.",
			"Awaiting witness: no witness of your keys file has cosigned yet, so this proof still rests on the hub alone. Get it again in a few minutes.")
	default:
		when := v.Newest().Format("2006-01-02 15:04:05 UTC")
		v.say(StepWitnesses, OK, fmt.Sprintf("%d saksi ikut menandatangani: %s. Catatan ini sudah ada paling lambat pada %s.", n, v.names(), when),
			fmt.Sprintf("Cosigned by %d: %s. The record existed at %s at the latest.", n, v.names(), when))
	}
}

func (v *Verdict) names() string {
	var names []string
	for _, w := range v.Witnesses {
		names = append(names, w.Name)
	}
	return strings.Join(names, ", ")
}
