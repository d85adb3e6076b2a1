package com.example.orders;

import java.time.Duration;
import java.util.List;

public record ShipmentInput(
    String orderId, List<Item> items, Address address, Duration packingTime, Duration deliveryTimeout) {}
