// Command worker is a worker with one version of one workflow: worker ADDRESS NAMESPACE TASK_QUEUE FOLDER. It says
// so when it polls, and stops when it is told to.
package main

import (
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"example.com/corpus"
)

func main() {
	if len(os.Args) != 5 {
		log.Fatal("worker ADDRESS NAMESPACE TASK_QUEUE FOLDER")
	}
	connection, err := client.Dial(client.Options{
		HostPort:  os.Args[1],
		Namespace: os.Args[2],
		// Workers that fail are what this is about; what they say of it is in the histories.
		Logger: sdklog.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil))),
	})
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	// What the last worker had in its cache nobody has any more; the server notices after this long. A busy
	// machine is no deadlock.
	one := worker.New(connection, os.Args[3], worker.Options{
		StickyScheduleToStartTimeout: time.Second,
		DeadlockDetectionTimeout:     time.Minute,
	})
	corpus.Register(one)
	if err := one.Start(); err != nil {
		log.Fatal(err)
	}
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM, syscall.SIGINT)
	fmt.Println("ready")
	<-told
	one.Stop()
}
