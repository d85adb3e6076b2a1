package com.example.orders;

public record Address(String name, String street, String city) {}
