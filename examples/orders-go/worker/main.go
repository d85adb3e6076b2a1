// Command worker runs the workflows and activities of the shop.
package main

import (
	"cmp"
	"log"
	"os"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"example.com/orders/orders"
)

func main() {
	connection, err := client.Dial(client.Options{
		HostPort:  os.Getenv("TEMPORAL_ADDRESS"),
		Namespace: os.Getenv("TEMPORAL_NAMESPACE"),
	})
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	buildID := os.Getenv("BUILD_ID")
	shop := worker.New(connection, cmp.Or(os.Getenv("TASK_QUEUE"), "orders"), worker.Options{
		BuildID: buildID,
		// Version sets, which is what a build ID alone asks for.
		UseBuildIDForVersioning: buildID != "",
	})
	orders.Register(shop)
	if err := shop.Start(); err != nil {
		log.Fatal(err)
	}
	log.SetOutput(os.Stdout)
	log.Print("The worker is ready")
	<-worker.InterruptCh()
	shop.Stop()
}
