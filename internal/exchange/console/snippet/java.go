package snippet

import (
	"fmt"
	"strings"
)

func java(c Call) string {
	var b strings.Builder
	fmt.Fprintf(&b, `import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

public class Panggil {
    public static void main(String[] args) throws Exception {
        String key = System.getenv("%s");
        if (key == null || key.isEmpty()) {
            System.err.println("isi dahulu %s dengan kunci API aplikasi Anda");
            System.exit(1);
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(%s))
            .timeout(Duration.ofSeconds(30))
            .header("X-API-Key", key)
`, KeyVariable, KeyVariable, inJava(c.URL))
	for _, f := range c.fields() {
		fmt.Fprintf(&b, "            .header(%s, %s)\n", inJava(f.Name), inJava(f.Value))
	}
	body := "HttpRequest.BodyPublishers.noBody()"
	if c.Body != "" {
		body = "HttpRequest.BodyPublishers.ofString(" + inJava(c.Body) + ")"
	}
	fmt.Fprintf(&b, "            .method(%s, %s)\n            .build();\n", inJava(c.Method), body)
	b.WriteString(`        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            String exchange = answer.headers().firstValue("Exchange-Id").orElse("-");
            System.err.println(answer.statusCode() + ", Exchange-Id " + exchange + ": " + answer.body());
            System.exit(1);
        }
        System.out.println(answer.body());
    }
}
`)
	return b.String()
}
