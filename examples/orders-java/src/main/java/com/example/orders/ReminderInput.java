package com.example.orders;

import java.time.Duration;
import java.util.List;

/** @param intervals how long to wait before each reminder */
public record ReminderInput(String customerId, String text, List<Duration> intervals) {}
